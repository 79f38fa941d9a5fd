import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { Snowflake } from '../../src/common/snowflake';
import { OutboxEvent } from '../../src/events/outbox-event.entity';
import { Session } from '../../src/sessions/session.entity';
import { fromNewAddress } from './address';
import { sessionIdOf, userIdOf } from './jwt';
import { randomMobile } from './mobile';
import { basic, READER } from './service-client';
import type { ServerProcess } from './server-process';
import type { SmsInbox } from './sms-inbox';

const ids = new Snowflake(1021);

/** What was read of the feed, in the order in which it came. */
export interface ReadEvent {
  readonly id: string;
  readonly position: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export interface Users {
  readonly nodes: readonly ServerProcess[];
  readonly inbox: SmsInbox;
  readonly sql: DataSource;
  /** How often each changes their profile. */
  readonly changes: number;
  /** How many other sessions each has, and ends in one request: logins would cost much more than their events. */
  readonly siblings: number;
  goesOn(): boolean;
}

interface Changes {
  asked: number;
  /** As made. */
  answered: number;
}

/** Of their profiles, by the ids of users. */
export type ChangesByUser = Map<string, Changes>;

/**
 * New users log in, change their profile, end their other sessions, and log out again every other time, on any of the nodes;
 * whatever a killed node leaves unanswered is given up.
 */
export async function keepBusy(users: Users): Promise<ChangesByUser> {
  const made: ChangesByUser = new Map();
  for (let count = 0; users.goesOn(); count++) {
    const token = await given(logIn(users));
    if (!token) continue;
    if (users.siblings > 0) await given(addSiblings(users.sql, sessionIdOf(token), users.siblings));
    made.set(userIdOf(token), await changeProfile(users, token));
    await given(anyOf(users).delete('/auth/sessions', { token }));
    if (count % 2 === 0) await given(anyOf(users).delete('/auth/tokens', { token }));
  }
  return made;
}

const anyOf = ({ nodes }: Users) => nodes[randomInt(nodes.length)]!;

/** Undefined where the node was killed meanwhile. */
const given = <T>(answer: Promise<T>) => answer.catch(() => delay(20, undefined));

async function logIn(users: Users): Promise<string | undefined> {
  const [mobile, from] = [randomMobile(), fromNewAddress()];
  const sent = await anyOf(users).post('/auth/codes', { mobile }, from);
  if (sent.status !== 202) return undefined;
  const code = users.inbox.codeFor(mobile);
  const { body } = await anyOf(users).post('/auth/tokens', { mobile, code }, from);
  return body.token;
}

async function changeProfile(users: Users, token: string): Promise<Changes> {
  const made = { asked: 0, answered: 0 };
  for (; made.asked < users.changes; made.asked++) {
    const change = anyOf(users).patch('/users/me', { name: `Li ${made.asked}` }, { token });
    if ((await given(change))?.status === 200) made.answered += 1;
  }
  return made;
}

/** Opens sessions like one that there is, and tells of each, as logins would. */
async function addSiblings(sql: DataSource, id: string, count: number): Promise<void> {
  const session = await sql.getRepository(Session).findOneByOrFail({ id });
  const siblings = Array.from({ length: count }, () => ({ ...session, id: ids.next() }));
  const told = siblings.map((sibling) => ({ sessionId: sibling.id, id: ids.next() }));
  const { userId, createdAt: at } = session;
  await sql.transaction(async (manager) => {
    const type = 'session.started' as const;
    await manager.insert(
      Session,
      siblings.map((sibling) => ({ ...sibling, challengeId: null })),
    );
    await manager.insert(
      OutboxEvent,
      told.map((one) => ({ ...one, userId, at, type })),
    );
    await manager.insert(
      AuditEvent,
      told.map((one) => ({ ...one, userId, at, action: type, actorKind: 'user' as const })),
    );
  });
}

/** Follows the feed on whichever node answers, from the beginning. */
export async function followFeed(
  nodes: () => ServerProcess[],
  isEnough: (read: ReadEvent[]) => boolean | Promise<boolean>,
): Promise<ReadEvent[]> {
  const read: ReadEvent[] = [];
  for (let cursor = '0'; !(await isEnough(read));) {
    try {
      const node = nodes()[Math.floor(Math.random() * nodes().length)]!;
      const { body } = await node.get(`/events?after=${cursor}&limit=500`, {
        headers: basic(READER),
      });
      if (!body.events) continue;
      read.push(...body.events);
      cursor = body.cursor;
      if (body.events.length === 0) await delay(50);
    } catch {
      await delay(20);
    }
  }
  return read;
}

/** The changes that have no event or no audit, or either without the change. Call it when all nodes are stopped. */
export async function untold(url: string, made: ChangesByUser): Promise<Record<string, number>> {
  // Of its own: those of the application have a deadline, and no index for such questions.
  const sql = await new DataSource({ type: 'mysql', url }).initialize();
  await sql.query('CREATE INDEX by_session ON outbox (session_id, type)');
  await sql.query('CREATE INDEX by_user ON outbox (user_id, type)');
  const missing = {
    'sessions without an event': `SELECT COUNT(*) AS count FROM sessions s WHERE NOT EXISTS
      (SELECT 1 FROM outbox o WHERE o.session_id = s.id AND o.type = 'session.started')`,
    'ends without an event': `SELECT COUNT(*) AS count FROM sessions s WHERE s.ended_at IS NOT NULL AND
      (SELECT COUNT(*) FROM outbox o WHERE o.session_id = s.id AND o.type = 'session.ended') <> 1`,
    'events of no session': `SELECT COUNT(*) AS count FROM outbox o WHERE o.session_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = o.session_id)`,
    'ends of sessions that live': `SELECT COUNT(*) AS count FROM outbox o JOIN sessions s ON s.id = o.session_id
      WHERE o.type = 'session.ended' AND s.ended_at IS NULL`,
    'users without an event': `SELECT COUNT(*) AS count FROM users u WHERE
      (SELECT COUNT(*) FROM outbox o WHERE o.user_id = u.id AND o.type = 'user.created') <> 1`,
    'events without an audit': `SELECT COUNT(*) AS count FROM outbox o WHERE NOT EXISTS
      (SELECT 1 FROM audit_events a WHERE a.id = o.id AND a.action = o.type)`,
    'audits without an event': `SELECT COUNT(*) AS count FROM audit_events a WHERE a.action IN
      ('user.created', 'session.started', 'session.ended', 'device.added')
      AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = a.id)`,
  };
  const counts: Record<string, number> = {};
  for (const [what, query] of Object.entries(missing)) {
    const [row] = await sql.query(query);
    if (Number(row.count) > 0) counts[what] = Number(row.count);
  }
  const wrong = await wronglyCounted(sql, made);
  await sql.destroy();
  return { ...counts, ...(wrong > 0 && { 'changes of profiles': wrong }) };
}

/** Users with fewer events than changes that were answered, or more than were asked for. */
async function wronglyCounted(sql: DataSource, made: ChangesByUser): Promise<number> {
  const rows: { id: unknown; count: unknown }[] = await sql.query(
    `SELECT user_id AS id, COUNT(*) AS count FROM outbox WHERE type = 'user.updated' GROUP BY user_id`,
  );
  const told = new Map(rows.map(({ id, count }) => [String(id), Number(count)]));
  return [...made].filter(([id, { asked, answered }]) => {
    const count = told.get(id) ?? 0;
    return count < answered || count > asked;
  }).length;
}
