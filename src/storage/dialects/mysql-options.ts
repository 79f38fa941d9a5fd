import type { DataSourceOptions } from 'typeorm';
import type { MysqlDataSourceOptions } from 'typeorm/driver/mysql/MysqlDataSourceOptions';
import type { Env } from '../../config/env';

/** Frees the place of a connection that is never made. Who waits for one waits no longer than a statement may take. */
const CONNECT_TIMEOUT_MS = 3000;

const KEEP_ALIVE_MS = 10_000;

/** Where the server is, and who asks: all that is taken from other options. */
const ADDRESS = [
  'url',
  'host',
  'port',
  'username',
  'password',
  'database',
  'socketPath',
  'ssl',
] as const satisfies (keyof MysqlDataSourceOptions)[];

export function mysqlOptions(address: DataSourceOptions, env: Env): MysqlDataSourceOptions {
  const { replication, ...own } = address as MysqlDataSourceOptions;
  const server = { ...own, ...replication?.master };
  return {
    ...Object.fromEntries(ADDRESS.map((name) => [name, server[name]])),
    type: 'mysql',
    poolSize: env.DATABASE_POOL_SIZE,
    connectTimeout: CONNECT_TIMEOUT_MS,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: true,
    // A transaction goes out in one call: `atomically`.
    multipleStatements: true,
    // A stack trace for every statement costs more than many a statement.
    trace: false,
    extra: {
      // On each connection, mysql2 would set aside 0.5 MB for 16,000.
      maxPreparedStatements: 256,
      // Balancers and firewalls forget what is silent for longer, some after a minute; Linux would begin after two hours.
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    },
  };
}
