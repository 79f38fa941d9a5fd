import { Block } from './codes/blocks/block.entity';
import { Challenge } from './codes/challenge.entity';
import { CreateTables1767225600000 } from './migrations/1767225600000-create-tables';
import { AddEarlierChallenges1795910400000 } from './migrations/1795910400000-add-earlier-challenges';
import { AddDevices1795914000000 } from './migrations/1795914000000-add-devices';
import { AddRotatingClients1795917600000 } from './migrations/1795917600000-add-rotating-clients';
import { AddSmsFlows1795996800000 } from './migrations/1795996800000-add-sms-flows';
import { AddBlocks1796000400000 } from './migrations/1796000400000-add-blocks';
import { UserDevice } from './sessions/device.entity';
import { Session } from './sessions/session.entity';
import { SmsConversion } from './sms/sms-conversion.entity';
import { SmsDelivery } from './sms/sms-delivery.entity';
import { SmsFlow } from './sms/sms-flow.entity';
import { SmsSpend } from './sms/sms-spend.entity';
import type { Schema } from './storage/data-source';
import { UserProfile } from './users/user-profile.entity';
import { User } from './users/user.entity';

/** Every table, and the migrations that make them. Apart from the modules: commands load no more than it. */
export const SCHEMA: Schema = {
  entities: [
    User,
    UserProfile,
    Session,
    UserDevice,
    Challenge,
    SmsDelivery,
    SmsFlow,
    SmsSpend,
    SmsConversion,
    Block,
  ],
  migrations: [
    CreateTables1767225600000,
    AddEarlierChallenges1795910400000,
    AddDevices1795914000000,
    AddRotatingClients1795917600000,
    AddSmsFlows1795996800000,
    AddBlocks1796000400000,
  ],
};
