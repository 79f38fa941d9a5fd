import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { ActionHour } from '../../src/admin/hourly/action-hour.entity';
import { MessageHour } from '../../src/admin/hourly/message-hour.entity';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { AuditSeal } from '../../src/audit/audit-seal.entity';
import { Snowflake } from '../../src/common/snowflake';
import { Block } from '../../src/codes/blocks/block.entity';
import { Challenge } from '../../src/codes/challenge.entity';
import { Lease } from '../../src/events/lease.entity';
import { OutboxEvent } from '../../src/events/outbox-event.entity';
import { Session } from '../../src/sessions/session.entity';
import { UserDevice } from '../../src/sessions/device.entity';
import { SmsConversion } from '../../src/sms/sms-conversion.entity';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { SmsSpend } from '../../src/sms/sms-spend.entity';
import { UserProfile } from '../../src/users/user-profile.entity';
import { User } from '../../src/users/user.entity';
import { WebhookAttempt } from '../../src/webhooks/webhook-attempt.entity';
import { WebhookEndpoint } from '../../src/webhooks/webhook-endpoint.entity';

/** Of each table: enough for a planner to prefer an index to reading them all. */
export const ROWS = 5000;

const BATCH = 500;
/** No server has more. */
const ENDPOINTS = 20;
/** Of ninety days. */
const HOURS = 2160;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ids = new Snowflake(1022);

/** Fills every table as a service in use would, evenly over the time that its rows are kept. */
export async function crowdTables(sql: DataSource): Promise<void> {
  for (const [table, rowOf, count = ROWS] of TABLES) {
    const rows = Array.from({ length: count }, (_, index) => rowOf(index, index / count));
    const { tableName } = sql.getMetadata(table);
    await sql.transaction(async (manager) => {
      for (let from = 0; from < count; from += BATCH) {
        await manager.query(...insertion(sql, table, rows.slice(from, from + BATCH)));
      }
    });
    if (sql.options.type === 'mysql') await sql.query(`ANALYZE TABLE ${tableName}`);
  }
}

/** As TypeORM would write it, which takes most of a minute for all of them. */
function insertion(
  sql: DataSource,
  table: EntityTarget<ObjectLiteral>,
  rows: ObjectLiteral[],
): [text: string, parameters: unknown[]] {
  const { tableName, columns } = sql.getMetadata(table);
  const given = new Set(rows.flatMap(Object.keys));
  const written = columns.filter(({ propertyName }) => given.has(propertyName));
  const names = written.map(({ databaseName }) => sql.driver.escape(databaseName)).join();
  const marks = `(${written.map(() => '?').join()})`;
  const parameters = rows.flatMap((row) =>
    written.map((column) =>
      sql.driver.preparePersistentValue(row[column.propertyName] ?? null, column),
    ),
  );
  return [`INSERT INTO ${tableName} (${names}) VALUES ${rows.map(() => marks).join()}`, parameters];
}

/** Of the row `index`, when the share `age` of the longest time has gone by. */
type RowOf = (index: number, age: number) => ObjectLiteral;

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);
const hex = (index: number) => index.toString(16).padStart(32, '0');

const TABLES: [table: EntityTarget<ObjectLiteral>, rowOf: RowOf, count?: number][] = [
  [User, user],
  [UserProfile, () => ({ id: ids.next(), locale: 'en' })],
  [Session, (index, age) => session(index, age * 14 * DAY)],
  // Nothing of what a poll looks for, and all still on record.
  [Session, (index, age) => endedSession(index + ROWS, DAY + age * 28 * DAY)],
  [UserDevice, (_, age) => device(age * 365 * DAY)],
  [Challenge, challenge],
  [SmsDelivery, delivery],
  [SmsFlow, flow],
  [Block, (index, age) => block(index, age * 30 * DAY)],
  [SmsSpend, spend],
  [SmsConversion, conversion],
  [MessageHour, messageHour, HOURS],
  [ActionHour, actionHour, HOURS],
  [AuditEvent, auditEvent],
  [AuditSeal, seal],
  [OutboxEvent, outboxEvent],
  [Lease, lease],
  [WebhookEndpoint, webhookEndpoint, ENDPOINTS],
  [WebhookAttempt, webhookAttempt],
];

function user(index: number, age: number): ObjectLiteral {
  const createdAt = ago(age * 365 * DAY);
  return {
    id: ids.next(),
    mobile: `+4915${String(index).padStart(8, '0')}`,
    name: 'Li Wei',
    username: index % 2 ? `user-${index}` : null,
    status: index % 50 ? 'active' : 'disabled',
    lastLogin: createdAt,
    verifiedAt: createdAt,
    createdAt,
    updatedAt: createdAt,
  };
}

function session(index: number, since: number): ObjectLiteral {
  const id = ids.next();
  return {
    id,
    userId: id,
    challengeId: hex(index),
    generation: index % 9,
    rotatedAt: ago(since / 2),
    device: 'Chrome on Android',
    network: '192.0.2.0/24',
    createdAt: ago(since),
    lastUsedAt: ago(since / 2),
    expiresAt: ago(since - 15 * DAY),
  };
}

function endedSession(index: number, since: number): ObjectLiteral {
  return { ...session(index, since), endedAt: ago(since), endReason: 'logout' };
}

function device(since: number): ObjectLiteral {
  const id = ids.next();
  return {
    id,
    userId: id,
    secretHash: 'x'.repeat(43),
    device: 'Chrome on Android',
    network: '192.0.2.0/24',
    createdAt: ago(since),
    lastUsedAt: ago(since / 2),
  };
}

function challenge(index: number, age: number): ObjectLiteral {
  const mobile = `+4916${String(index).padStart(8, '0')}`;
  return { mobile, id: hex(index), tag: hex(index), expiresAt: ago(-MINUTE - age * 10 * MINUTE) };
}

function delivery(index: number, age: number): ObjectLiteral {
  return {
    id: ids.next(),
    challengeId: hex(index),
    mobile: '+4916******00',
    country: 'DE',
    provider: 'webhook',
    outcome: 'sent',
    price: 70_000,
    audience: index % 2 ? 'home' : 'fresh',
    network: `203.0.${index % 250}.0/24`,
    createdAt: ago(age * 89 * DAY),
    verifiedAt: ago(age * 89 * DAY),
  };
}

function block(index: number, since: number): ObjectLiteral {
  return { target: `+4916${index}*`, createdAt: ago(since), expiresAt: ago(since + DAY) };
}

function flow(index: number, age: number): ObjectLiteral {
  const moment = ago(age * 29 * DAY).getTime() * 1000;
  return { scope: `203.0.${index}.0/24`, fresh: 0, home: 0, total: moment };
}

function spend(index: number): ObjectLiteral {
  const day = ago((index + 2) * DAY)
    .toISOString()
    .slice(0, 10);
  return { day, scope: '*', total: 1, fresh: 1, totalAlert: 0, freshAlert: 0 };
}

function conversion(index: number, age: number): ObjectLiteral {
  const minute = Math.floor(ago(age * 119 * MINUTE).getTime() / MINUTE);
  return { scope: `+4916${index}`, minute, sent: 1, verified: 1 };
}

function messageHour(index: number): ObjectLiteral {
  const start = ago((index + 2) * HOUR);
  return { start, country: 'DE', provider: 'webhook', messages: 9, sent: 9, used: 8, price: 1 };
}

function actionHour(index: number): ObjectLiteral {
  return { start: ago((index + 2) * HOUR), action: 'session.started', events: 9 };
}

function auditEvent(index: number, age: number): ObjectLiteral {
  return {
    id: ids.next(),
    at: ago(age * 365 * DAY),
    action: ['session.started', 'session.ended', 'device.added', 'code.refused'][index % 4],
    actorKind: 'user',
    userId: ids.next(),
    numberRef: index % 4 === 3 ? hex(index) : null,
    requestId: hex(index),
    seal: String(1000 + (index % 1000)),
  };
}

function seal(index: number, age: number): ObjectLiteral {
  const at = ago(age * 365 * DAY);
  return {
    id: String(1000 + index),
    at,
    day: at.toISOString().slice(0, 10),
    events: 5,
    previous: hex(index),
    digest: hex(index + 1),
    keyId: 'x',
    mac: 'x',
  };
}

function outboxEvent(index: number, age: number): ObjectLiteral {
  return {
    id: ids.next(),
    at: ago(age * 29 * DAY),
    type: 'session.started',
    userId: ids.next(),
    position: String(1_000_000 + index),
  };
}

function lease(index: number, age: number): ObjectLiteral {
  return { name: `a job ${index}`, holder: 'x', expiresAt: ago(age * DAY), position: '0' };
}

function webhookEndpoint(index: number, age: number): ObjectLiteral {
  return {
    id: String(1 + index),
    url: 'https://hooks.example.com/tandem',
    events: '*',
    pii: 0,
    secretVersion: 1,
    position: String(1_000_000 + index),
    createdAt: ago(age * 365 * DAY),
  };
}

/** One in ten is due. */
function webhookAttempt(index: number, age: number): ObjectLiteral {
  const at = ago(age * 29 * DAY);
  return {
    id: ids.next(),
    endpointId: String(1 + (index % ENDPOINTS)),
    eventId: ids.next(),
    type: 'session.started',
    series: '0',
    attempt: 1,
    ...(index % 10 === 0 ? { dueAt: at } : { madeAt: at, status: 204, milliseconds: 20 }),
  };
}
