import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DataSourceOptions } from 'typeorm';
import { Challenge } from './src/codes/challenge.entity';
import type { Env } from './src/config/env';
import { CreateTables1767225600000 } from './src/migrations/1767225600000-create-tables';
import { Session } from './src/sessions/session.entity';
import { SmsConversion } from './src/sms/sms-conversion.entity';
import { SmsDelivery } from './src/sms/sms-delivery.entity';
import { SmsSpend } from './src/sms/sms-spend.entity';
import { UserProfile } from './src/users/user-profile.entity';
import { User } from './src/users/user.entity';

const SCHEMA = {
  entities: [User, UserProfile, Session, Challenge, SmsDelivery, SmsSpend, SmsConversion],
  migrations: [CreateTables1767225600000],
  synchronize: false,
  migrationsRun: false,
};

/** Milliseconds until a database that does not answer counts as away. */
const CONNECT_TIMEOUT = 1500;

/** The only TypeORM options: the app and the command line both build their DataSource from these. */
export function dataSourceOptions(env: Env): DataSourceOptions {
  return env.sqliteFile ? sqlite(env.sqliteFile) : mysql(env);
}

function sqlite(database: string): DataSourceOptions {
  mkdirSync(dirname(database), { recursive: true, mode: 0o700 });
  return {
    ...SCHEMA,
    type: 'better-sqlite3',
    driver: require('libsql'),
    database,
    enableWAL: true,
    // libsql rounds integers above 2^53 unless it may return them as BigInt.
    prepareDatabase: (connection: { defaultSafeIntegers(on: boolean): void }) =>
      connection.defaultSafeIntegers(true),
  };
}

function mysql(env: Env): DataSourceOptions {
  return {
    ...SCHEMA,
    type: 'mysql',
    url: env.DATABASE_URL,
    poolSize: env.DATABASE_POOL_SIZE,
    connectTimeout: CONNECT_TIMEOUT,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: true,
    // A transaction goes out in one call: `storage/statements.ts`.
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
