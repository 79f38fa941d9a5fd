import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { openDatabase } from './database';
import { followFeed, keepBusy, type ReadEvent, untold, type Users } from './event-storm';
import type { FlakyEndpoint } from './flaky-endpoint';
import { ServerProcess } from './server-process';
import { SERVICE_CLIENTS } from './service-client';
import { SmsInbox } from './sms-inbox';
import { smsEnv } from './sms-env';
import { freshStores } from './stores';
import { until } from './until';
import { addEndpoint } from './webhook-events';

interface Storm extends Pick<Users, 'changes' | 'siblings'> {
  readonly nodes: number;
  /** How often a node is killed at a random moment, and another one started in its place. */
  readonly kills: number;
  readonly clients: number;
  /** Goes on until so many events are committed. */
  readonly events: number;
  /** Somebody who is told of each, too. */
  readonly endpoint?: FlakyEndpoint;
}

interface Aftermath {
  readonly read: ReadEvent[];
  /** Ids of the outbox by position. */
  readonly stored: string[];
  /** See {@link untold}. */
  readonly untold: Record<string, number>;
}

/** Lets clients log in and out on nodes that are killed, while a reader follows the feed. */
export async function stormWithKills({
  nodes: count,
  kills,
  clients,
  events,
  endpoint,
  ...habits
}: Storm): Promise<Aftermath> {
  const inbox = await SmsInbox.open();
  const stores = await freshStores('standard');
  const sql = await openDatabase('standard', stores);
  const LIMITS =
    'fresh-codes=99999/1h,fresh-codes-per-country=99999/1h,fresh-codes-per-prefix=99999/1h,codes-per-address=99999/1h,easy-codes-per-address=99999/1h,easy-codes-per-prefix=99999/1h,crowded-codes-per-address=99999/1h';
  const env = {
    ...stores,
    ...smsEnv(inbox),
    SERVICE_CLIENTS,
    TRUST_PROXY: '1',
    LOG_LEVEL: 'info',
    LIMITS,
    WEBHOOK_ALLOW_PRIVATE: '127.0.0.1',
  };
  const nodes = await Promise.all(Array.from({ length: count }, () => ServerProcess.start(env)));
  if (endpoint) await addEndpoint(endpoint.url, env);
  let [isOver, isQuiet] = [false, false];
  const users = { nodes, inbox, sql, ...habits, goesOn: () => !isOver };
  const load = Array.from({ length: clients }, () => keepBusy(users));
  const isRead = async (read: ReadEvent[]) => isQuiet && read.length >= (await countOf(sql));
  const feed = followFeed(() => nodes, isRead);
  for (let killed = 0; killed < kills; killed++) {
    await delay(randomInt(200, 900));
    const victim = randomInt(count);
    await nodes[victim]!.stop('SIGKILL');
    nodes[victim] = await ServerProcess.start(env);
  }
  await until(async () => (await lastPosition(sql)) >= events, 900);
  isOver = true;
  const made = new Map((await Promise.all(load)).flatMap((changed) => [...changed]));
  isQuiet = true;
  const read = await feed;
  if (endpoint) await until(() => endpoint.told.size >= read.length, 600);
  const rows = await patiently<{ id: unknown }>(sql, 'SELECT id FROM outbox ORDER BY position');
  await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
  await sql.destroy();
  await inbox.close();
  const stored = rows.map(({ id }) => String(id));
  return { read, stored, untold: await untold(stores.DATABASE_URL!, made) };
}

/** What costs nothing to ask again and again. */
async function lastPosition(sql: DataSource): Promise<number> {
  const [row] = await patiently<{ position: unknown }>(
    sql,
    `SELECT position FROM leases WHERE name = 'event numbering'`,
  );
  return Number(row!.position);
}

async function countOf(sql: DataSource): Promise<number> {
  const [row] = await patiently<{ count: unknown }>(sql, 'SELECT COUNT(*) AS count FROM outbox');
  return Number(row!.count);
}

/** Connections have the application's deadline, which a storm may well be beyond. */
async function patiently<T>(sql: DataSource, text: string): Promise<T[]> {
  for (;;) {
    try {
      return await sql.query(text);
    } catch {
      await delay(200);
    }
  }
}
