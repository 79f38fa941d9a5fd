import { NumberRefsService } from '../../src/audit/number-refs.service';
import type { E164 } from '../../src/common/phone-number';
import { registerWithPassword } from './credentials';
import { columnsOf, valueIn } from './hostile-columns';
import { HOSTILE } from './hostile-texts';
import { userIdOf } from './jwt';
import type { TestApp } from './test-app';

/** Somebody whose rows hold one of the texts wherever they can. */
export interface HostileUser {
  readonly id: string;
  readonly mobile: string;
  readonly text: string;
}

/** For each of the texts a user, and what else an installation has that can hold it. */
export async function seedHostileWorld(app: TestApp): Promise<HostileUser[]> {
  const users: HostileUser[] = [];
  for (const text of HOSTILE) {
    const { token, mobile } = await registerWithPassword(app);
    const id = userIdOf(token);
    const ref = app.nest.get(NumberRefsService).refOf(mobile as E164);
    for (const table of ['users', 'user_profiles']) await plant(app, text, table, 'id', id);
    for (const table of ['sessions', 'user_devices', 'audit_events', 'outbox'])
      await plant(app, text, table, 'user_id', id);
    await plant(app, text, 'sms_deliveries', 'number_ref', ref);
    await app.sql.query("UPDATE sms_deliveries SET receipt = 'failed' WHERE number_ref = ?", [ref]);
    await insert(app, text, 'nodes', {
      id,
      redis: 'up',
      sql_ms: 1,
      version: '1',
      started_at: 1,
      seen_at: Date.now(),
    });
    await insert(app, text, 'leases', { holder: id, expires_at: 9_000_000_000_000, position: 0 });
    const about = { id, events: '*', pii: 0, secret_version: 1, position: 0, created_at: 1 };
    await insert(app, text, 'webhook_endpoints', about);
    users.push({ id, mobile, text });
  }
  return users;
}

async function plant(app: TestApp, text: string, table: string, key: string, id: string) {
  const columns = columnsOf(table);
  const set = columns.map((column) => `${column} = ?`).join();
  const values = columns.map((column) => valueIn(`${table}.${column}`, text));
  await app.sql.query(`UPDATE ${table} SET ${set} WHERE ${key} = ?`, [...values, id]);
}

async function insert(app: TestApp, text: string, table: string, fixed: object) {
  const row = Object.fromEntries(
    columnsOf(table).map((column) => [column, valueIn(`${table}.${column}`, text)]),
  );
  const entries = Object.entries({ ...row, ...fixed });
  const names = entries.map(([name]) => name).join();
  const gaps = entries.map(() => '?').join();
  const values = entries.map(([, value]) => value);
  await app.sql.query(`INSERT INTO ${table} (${names}) VALUES (${gaps})`, values);
}
