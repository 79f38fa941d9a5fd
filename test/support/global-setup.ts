import { makeRunDirectory } from './run-directory';
import { isInstalled } from './servers/installed';
import { startMariaDb } from './servers/mariadb';
import type { PrivateServer } from './servers/private-server';
import { startRedis } from './servers/redis';

/**
 * Starts one private MariaDB and Redis for the whole run, unless `TEST_DATABASE_URL` and
 * `TEST_REDIS_URL` name some. Without either the specs of the standard mode are skipped, but not in CI.
 */
export default async function setUp(): Promise<void> {
  process.env.TEST_RUN_DIRECTORY = makeRunDirectory();
  const started: PrivateServer[] = [];
  if (!process.env.TEST_DATABASE_URL && isInstalled('mariadbd')) {
    const server = await startMariaDb();
    started.push(server);
    process.env.TEST_DATABASE_URL = server.url;
  }
  if (!process.env.TEST_REDIS_URL && isInstalled('redis-server')) {
    // Nobody kills this one.
    const server = await startRedis({ settings: { appendonly: 'no' } });
    started.push(server);
    process.env.TEST_REDIS_URL = server.url;
  }
  Object.assign(globalThis, { startedServers: started });
  if (process.env.CI && !(process.env.TEST_DATABASE_URL && process.env.TEST_REDIS_URL)) {
    throw new Error('CI must test MariaDB and Redis: put mariadbd and redis-server on the PATH.');
  }
  if (process.env.CI && !isInstalled('chromium')) {
    throw new Error('CI must test pages in a browser: put chromium on the PATH.');
  }
}
