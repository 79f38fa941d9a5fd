import { QueryFailedError } from 'typeorm';

const OUTAGES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'PROTOCOL_ENQUEUE_AFTER_QUIT',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_ACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_CON_COUNT_ERROR',
  'ER_CONNECTION_KILLED',
  'ER_DISK_FULL',
  // Two of a Galera node that has lost the others: before a commit and during it, then at every statement.
  'ER_ERROR_DURING_COMMIT',
  'ER_UNKNOWN_COM_ERROR',
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_NORMAL_SHUTDOWN',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_QUERY_INTERRUPTED',
  'ER_QUERY_TIMEOUT',
  'ER_READ_ONLY_MODE',
  'ER_RECORD_FILE_FULL',
  'ER_SERVER_SHUTDOWN',
  'ER_STATEMENT_TIMEOUT',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'SQLITE_BUSY',
  'SQLITE_CANTOPEN',
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_READONLY',
]);

/** What TypeORM throws while its DataSource waits for its first connection, or is closed. */
const NOT_CONNECTED = new Set([
  'CannotExecuteNotConnectedError',
  'ConnectionIsNotSetError',
  'DataSourceIsNotSetError',
  'EntityMetadataNotFoundError',
]);

/** The same for statements that ask for no entity: TypeORM gives these errors no name of their own. */
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

/** Whether a write met a server that takes none, as the old primary does after a failover. */
export function isReadOnly(error: unknown): boolean {
  return ['ER_OPTION_PREVENTS_STATEMENT', 'ER_READ_ONLY_MODE'].includes(driverErrorOf(error).code);
}

/** Whether the database rolled a transaction back only because of another one. */
export function isDeadlock(error: unknown): boolean {
  return ['ER_LOCK_DEADLOCK', 'SQLITE_BUSY'].includes(driverErrorOf(error).code);
}

/**
 * The unique key that an insert collided on: `PRIMARY`, the name of an index (MySQL, MariaDB) or
 * `table.column` (SQLite).
 */
export function duplicateKey(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  // The duplicate value stands in front of the key and may be anything: read from the end.
  const [, key] =
    /for key '([^']+)'$/.exec(error.message) ??
    /UNIQUE constraint failed: (\S+)$/.exec(error.message) ??
    [];
  return key;
}

function driverErrorOf(error: unknown): { code: string; fatal?: unknown } {
  const { code, fatal } = Object(error instanceof QueryFailedError ? error.driverError : error);
  return { code: typeof code === 'string' ? primaryCode(code) : '', fatal };
}

/** `SQLITE_BUSY_SNAPSHOT` → `SQLITE_BUSY`: SQLite says in more detail what it says. */
const primaryCode = (code: string) => code.replace(/^(SQLITE_[A-Z]+)_\w+$/, '$1');
