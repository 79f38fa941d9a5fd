import Redis from 'ioredis';
import { newDatabase } from './servers/mariadb';
import { newDataDirectory } from './servers/private-server';

export type Mode = 'embedded' | 'standard';

const hasServers = Boolean(process.env.TEST_DATABASE_URL && process.env.TEST_REDIS_URL);

/** The run modes that this machine can test. */
export const EVERY_MODE: Mode[] = hasServers ? ['embedded', 'standard'] : ['embedded'];

/**
 * The run modes to test, for `describe.each`. A whole run takes one of those that this machine has: `npm test` that of
 * production, `npm run test:sqlite` the other. Who names a spec gets both.
 */
export const MODES = hasServers ? modesOf(process.env.TEST_MODE) : EVERY_MODE;

/** For what takes long: only the one with the stores of production, where there are any. */
export const LAST_MODE = MODES.slice(-1);

function modesOf(named?: string): Mode[] {
  return EVERY_MODE.filter((mode) => !named || mode === named);
}

/** `describe`, or a skip where there is no MariaDB or Redis. */
export const describeStandard = hasServers ? describe : describe.skip;

/** Environment variables of fresh, empty stores for one server of `mode`. */
export async function freshStores(mode: Mode): Promise<Record<string, string>> {
  const DATA_DIR = newDataDirectory('data');
  if (mode === 'embedded') return { DATA_DIR };
  return { DATA_DIR, DATABASE_URL: await freshDatabase(), REDIS_URL: await freshRedis() };
}

/** Creates a database of its own on the MariaDB of this run. */
export const freshDatabase = (server = process.env.TEST_DATABASE_URL!) => newDatabase(server);

/** The Redis database of this test worker, emptied. */
async function freshRedis(): Promise<string> {
  const url = new URL(process.env.TEST_REDIS_URL!);
  url.pathname = process.env.JEST_WORKER_ID ?? '1';
  const client = new Redis(url.href);
  await client.flushdb();
  client.disconnect();
  return url.href;
}
