import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DataSourceOptions } from 'typeorm';
import type { Env } from '../config/env';

/** The tables, and what made them. */
export interface Schema {
  readonly entities: Function[];
  readonly migrations: Function[];
}

/** Milliseconds until a database that does not answer counts as away. */
const CONNECT_TIMEOUT = 1500;

/** The options of every DataSource of ours: that of the server, of the command line, and of the tests. */
export function dataSourceOptions(env: Env, { entities, migrations }: Schema): DataSourceOptions {
  const common = { entities, migrations, synchronize: false, migrationsRun: false };
  return { ...common, ...(env.sqliteFile ? sqlite(env.sqliteFile) : mysql(env)) };
}

function sqlite(database: string) {
  mkdirSync(dirname(database), { recursive: true, mode: 0o700 });
  return {
    type: 'better-sqlite3' as const,
    driver: require('libsql'),
    database,
    enableWAL: true,
    // libsql rounds integers above 2^53 unless it may return them as BigInt.
    prepareDatabase: (connection: { defaultSafeIntegers(on: boolean): void }) =>
      connection.defaultSafeIntegers(true),
  };
}

function mysql(env: Env) {
  return {
    type: 'mysql' as const,
    url: env.DATABASE_URL,
    poolSize: env.DATABASE_POOL_SIZE,
    connectTimeout: CONNECT_TIMEOUT,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: true,
    // A transaction goes out in one call: `statements.ts`.
    multipleStatements: true,
    // A stack trace for every statement costs more than many a statement.
    trace: false,
    // On each connection, mysql2 would set aside 0.5 MB for 16,000.
    extra: { maxPreparedStatements: 256 },
    ssl: tls(env.DATABASE_TLS),
  };
}

function tls(setting: string) {
  if (setting === 'off') return undefined;
  const ca = setting === 'on' ? undefined : readFileSync(setting, 'utf8');
  return { ca, verifyIdentity: true, minVersion: 'TLSv1.2' };
}
