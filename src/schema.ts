import { ActionHour } from './admin/hourly/action-hour.entity';
import { MessageHour } from './admin/hourly/message-hour.entity';
import { KnownConfiguration } from './admin/known-configuration.entity';
import { AuditEvent } from './audit/audit-event.entity';
import { AuditSeal } from './audit/audit-seal.entity';
import { Block } from './codes/blocks/block.entity';
import { Challenge } from './codes/challenge.entity';
import { Lease } from './events/lease.entity';
import { Node } from './events/node.entity';
import { OutboxEvent } from './events/outbox-event.entity';
import { CreateTables1767225600000 } from './migrations/1767225600000-create-tables';
import { AddEarlierChallenges1795910400000 } from './migrations/1795910400000-add-earlier-challenges';
import { AddDevices1795914000000 } from './migrations/1795914000000-add-devices';
import { AddRotatingClients1795917600000 } from './migrations/1795917600000-add-rotating-clients';
import { AddSmsFlows1795996800000 } from './migrations/1795996800000-add-sms-flows';
import { AddBlocks1796000400000 } from './migrations/1796000400000-add-blocks';
import { AddKnownNumbers1796079600000 } from './migrations/1796079600000-add-known-numbers';
import { AddAudit1796083200000 } from './migrations/1796083200000-add-audit';
import { AddRoles1796086800000 } from './migrations/1796086800000-add-roles';
import { AddWebhooks1796090400000 } from './migrations/1796090400000-add-webhooks';
import { AddSmsReceipts1796094000000 } from './migrations/1796094000000-add-sms-receipts';
import { AddExternalIds1796095000000 } from './migrations/1796095000000-add-external-ids';
import { AddDeletion1796097600000 } from './migrations/1796097600000-add-deletion';
import { AddLoginKeys1796099000000 } from './migrations/1796099000000-add-login-keys';
import { AddNotices1796101000000 } from './migrations/1796101000000-add-notices';
import { AddMobileChanges1796101200000 } from './migrations/1796101200000-add-mobile-changes';
import { AddFailureCodes1796102000000 } from './migrations/1796102000000-add-failure-codes';
import { AddSmsPauses1796103000000 } from './migrations/1796103000000-add-sms-pauses';
import { AddKnownConfiguration1796104000000 } from './migrations/1796104000000-add-known-configuration';
import { AddRecycledNumbers1796105000000 } from './migrations/1796105000000-add-recycled-numbers';
import { AddUsernamesOfChanges1796106000000 } from './migrations/1796106000000-add-usernames-of-changes';
import { AddDeliveryFilters1796121000000 } from './migrations/1796121000000-add-delivery-filters';
import { AddNodes1796125000000 } from './migrations/1796125000000-add-nodes';
import { AddHourlyCounts1796126000000 } from './migrations/1796126000000-add-hourly-counts';
import { AddSharesTaken1796127000000 } from './migrations/1796127000000-add-shares-taken';
import { UserDevice } from './sessions/device.entity';
import { Session } from './sessions/session.entity';
import { SmsConversion } from './sms/sms-conversion.entity';
import { SmsDelivery } from './sms/sms-delivery.entity';
import { SmsFlow } from './sms/sms-flow.entity';
import { SmsPause } from './sms/sms-pause.entity';
import { SmsSpend } from './sms/sms-spend.entity';
import type { Schema } from './storage/data-source';
import { SecurityNotice } from './users/notices/security-notice.entity';
import { MobileChange } from './users/mobile-change.entity';
import { UserProfile } from './users/user-profile.entity';
import { User } from './users/user.entity';
import { WebhookAttempt } from './webhooks/webhook-attempt.entity';
import { WebhookEndpoint } from './webhooks/webhook-endpoint.entity';

/** Every table, and the migrations that make them. Apart from the modules: commands load no more than it. */
export const SCHEMA: Schema = {
  entities: [
    User,
    UserProfile,
    Session,
    UserDevice,
    SecurityNotice,
    MobileChange,
    Challenge,
    SmsDelivery,
    SmsFlow,
    SmsPause,
    SmsSpend,
    SmsConversion,
    Block,
    WebhookEndpoint,
    WebhookAttempt,
    AuditEvent,
    AuditSeal,
    OutboxEvent,
    KnownConfiguration,
    Lease,
    Node,
    ActionHour,
    MessageHour,
  ],
  migrations: [
    CreateTables1767225600000,
    AddEarlierChallenges1795910400000,
    AddDevices1795914000000,
    AddRotatingClients1795917600000,
    AddSmsFlows1795996800000,
    AddBlocks1796000400000,
    AddKnownNumbers1796079600000,
    AddAudit1796083200000,
    AddRoles1796086800000,
    AddWebhooks1796090400000,
    AddSmsReceipts1796094000000,
    AddExternalIds1796095000000,
    AddDeletion1796097600000,
    AddLoginKeys1796099000000,
    AddNotices1796101000000,
    AddMobileChanges1796101200000,
    AddFailureCodes1796102000000,
    AddSmsPauses1796103000000,
    AddKnownConfiguration1796104000000,
    AddRecycledNumbers1796105000000,
    AddUsernamesOfChanges1796106000000,
    AddDeliveryFilters1796121000000,
    AddNodes1796125000000,
    AddHourlyCounts1796126000000,
    AddSharesTaken1796127000000,
  ],
};
