import { EntityMetadataNotFoundError, QueryFailedError } from 'typeorm';
import { StartError } from '../common/start-error';
import type { ErrorCodes } from './dialects/error-codes';
import { mysqlErrors } from './dialects/mysql-errors';
import { sqliteErrors } from './dialects/sqlite-errors';

const DRIVERS = [mysqlErrors, sqliteErrors];
const codesOf = (kind: Exclude<keyof ErrorCodes, 'duplicateKey'>) =>
  new Set(DRIVERS.flatMap((codes) => codes[kind]));

const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
];
const OUTAGES = new Set([...NETWORK, ...codesOf('outages')]);
const DEADLOCKS = codesOf('deadlocks');
const READ_ONLY = codesOf('readOnly');
const PERMANENT = codesOf('permanent');

/** What TypeORM throws while its DataSource waits for its first connection, or is closed. */
const NOT_CONNECTED = new Set([
  'CannotExecuteNotConnectedError',
  'ConnectionIsNotSetError',
  'DataSourceIsNotSetError',
  'EntityMetadataNotFoundError',
]);

/** The same for raw statements, whose errors TypeORM gives no name of their own. */
const CONNECTION_MISSING = /^Connection is not established|connection is not open/;

/** Whether a statement failed because the database is away or overloaded, not because it is wrong. */
export function isOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name = '', message = '', cause } = error as Partial<Error>;
  const { code, fatal } = driverErrorOf(error);
  // mysql2 marks every error that ends a connection as fatal; not all of them have a code.
  if (fatal === true || OUTAGES.has(code)) return true;
  return NOT_CONNECTED.has(name) || CONNECTION_MISSING.test(message) || isOutage(cause);
}

/** What is meant once there is a connection: somebody's entity is registered with no DataSource. */
export function isUnregisteredEntity(error: unknown): boolean {
  return error instanceof EntityMetadataNotFoundError;
}

/** Whether a write met a server that takes none, as the old primary does after a failover. */
export function isReadOnly(error: unknown): boolean {
  return READ_ONLY.has(driverErrorOf(error).code);
}

/** Whether the database rolled a transaction back only because of another one. */
export function isDeadlock(error: unknown): boolean {
  return DEADLOCKS.has(driverErrorOf(error).code);
}

/** The same, or an id that another node drew at the same time: another attempt draws another one. */
export function isCollision(error: unknown): boolean {
  return isDeadlock(error) || duplicateKey(error) !== undefined;
}

/** Whether no retry can mend what failed while connecting or migrating. */
export function isPermanent(error: unknown): boolean {
  return error instanceof StartError || PERMANENT.has(driverErrorOf(error).code);
}

/**
 * The unique key that an insert collided on: `PRIMARY`, the name of an index (MySQL, MariaDB) or
 * `table.column` (SQLite).
 */
export function duplicateKey(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const [, key] =
    DRIVERS.map(({ duplicateKey: end }) => end.exec(error.message)).find(Boolean) ?? [];
  return key;
}

function driverErrorOf(error: unknown): { code: string; fatal?: unknown } {
  const driverError = Object(error instanceof QueryFailedError ? error.driverError : error);
  const { code, fatal, message } = driverError;
  if (typeof code === 'string' && code !== '') return { code: primaryCode(code), fatal };
  return { code: UNOPENED.test(message) ? 'SQLITE_CANTOPEN' : '', fatal };
}

/** libsql sets no code on these errors; 14 is the number of SQLITE_CANTOPEN. */
const UNOPENED = /^ConnectionFailed\(.*: 14"\)$/;

/** SQLite's extended result codes begin with the primary one: `SQLITE_BUSY_SNAPSHOT` → `SQLITE_BUSY`. */
const primaryCode = (code: string) => code.replace(/^(SQLITE_[A-Z]+)_\w+$/, '$1');
