import type { DataSource } from 'typeorm';
import { Challenge } from '../../src/codes/challenge.entity';
import { SmsConversion } from '../../src/sms/sms-conversion.entity';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { SecurityNotice } from '../../src/users/notices/security-notice.entity';
import { insertSessions } from './session-rows';

const LONG_AGO = new Date(1);

/** Leaves something to do for everything that tidies up. */
export async function insertOutdatedRows(sql: DataSource): Promise<void> {
  await insertSessions(sql, 1, { expiresAt: LONG_AGO });
  await insertSessions(sql, 1, { lastUsedAt: LONG_AGO });
  await insertSessions(sql, 1, { endedAt: LONG_AGO, endReason: 'logout' });
  const [mobile, id] = ['+491600000000', '0'.repeat(32)];
  await sql
    .getRepository(Challenge)
    .upsert({ mobile, id, tag: id, expiresAt: LONG_AGO }, ['mobile']);
  await sql
    .getRepository(SmsConversion)
    .upsert({ scope: 'DE', minute: 1, sent: 1, verified: 0 }, ['scope', 'minute']);
  await sql.getRepository(SmsDelivery).upsert(
    {
      id: '1',
      challengeId: id,
      mobile: '+4916******00',
      country: 'DE',
      provider: 'webhook',
      outcome: 'sent',
      price: 70_000,
      audience: 'fresh',
      createdAt: LONG_AGO,
    },
    ['id'],
  );
  await sql
    .getRepository(SecurityNotice)
    .upsert({ id: '1', userId: '1', kind: 'password_set', at: LONG_AGO, messageDueAt: LONG_AGO }, [
      'id',
    ]);
  await sql.getRepository(SmsFlow).upsert({ scope: 'DE', fresh: 1, home: 1, total: 1 }, ['scope']);
}
