import type { DataSource } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver';
import { deadline } from '../../common/deadline';
import { StartError } from '../../common/start-error';
import {
  BY_STATEMENT,
  FOREIGN,
  STATEMENTS,
  type Value,
  VARIABLES,
} from './mysql-session-variables';

/** Until a server that does not take the settings of a session counts as away. */
const DEADLINE_MS = 1500;

/** The largest statement of ours is a batch of some kilobytes. */
const MIN_PACKET_BYTES = 65_536;

const CHECKED = ['binlog_format', 'log_bin', 'max_allowed_packet', 'wsrep_on', 'wsrep_sync_wait'];

/** A wait of every node of Galera for what the others have committed, before a SELECT (1) and a change (2). */
const SYNC_WAIT = 3;

interface Connection {
  query(sql: string, done: (error: Error | null, results: unknown[]) => void): void;
  destroy(): void;
}

/**
 * Sets what every new connection of a DataSource relies on before it is used, in one call, and reads it back.
 *
 * @param lockWaitSeconds shorter than the deadline of a statement: one that was reported as failed must not be
 * committed later.
 */
export function prepareSessions(dataSource: DataSource, lockWaitSeconds: number): void {
  const driver = dataSource.driver as MysqlDriver;
  const obtain = driver.obtainMasterConnection.bind(driver);
  const prepared = new WeakSet<Connection>();
  const locks = { innodb_lock_wait_timeout: lockWaitSeconds, lock_wait_timeout: lockWaitSeconds };
  driver.obtainMasterConnection = async () => {
    const connection: Connection = await obtain();
    if (!prepared.has(connection)) await prepare(connection, { ...VARIABLES, ...locks });
    prepared.add(connection);
    return connection;
  };
}

/** @throws StartError for a server, or a proxy before it, that does not keep them. */
async function prepare(connection: Connection, variables: Record<string, Value>): Promise<void> {
  const expected = { ...variables, ...BY_STATEMENT };
  const names = [...Object.keys(expected), ...CHECKED].map((name) => `'${name}'`);
  const sql = [
    ...STATEMENTS,
    `SET SESSION ${assignments(variables)} ${FOREIGN}`,
    `SHOW SESSION VARIABLES WHERE Variable_name IN (${names.join()})`,
  ];
  try {
    const shown = valuesByName((await call(connection, sql.join(';\n'))).at(-1));
    assertKept(expected, Object.keys(variables), shown);
    assertUsable(shown);
    if (isOutOfSync(shown)) await call(connection, `SET SESSION wsrep_sync_wait = ${SYNC_WAIT}`);
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

function assignments(variables: Record<string, Value>): string {
  const each = Object.entries(variables).map(([name, value]) => `${name} = ${quoted(value)}`);
  return each.join(', ');
}

const quoted = (value: Value) => (typeof value === 'string' ? `'${value}'` : value);

function call(connection: Connection, sql: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const settled = deadline(DEADLINE_MS, () => reject(silent()));
    connection.query(sql, (error, results) => {
      settled();
      if (error) reject(error);
      else resolve(results);
    });
  });
}

const silent = () =>
  Object.assign(new Error('The database took no settings in time.'), { code: 'ETIMEDOUT' });

function valuesByName(rows: unknown): Map<string, string> {
  const shown = Array.isArray(rows) ? (rows as { Variable_name: string; Value: string }[]) : [];
  return new Map(shown.map(({ Variable_name, Value }) => [Variable_name, Value]));
}

/** @param required those that every server knows. */
function assertKept(
  expected: Record<string, Value>,
  required: string[],
  shown: Map<string, string>,
): void {
  const names = new Set([...required, ...shown.keys()]);
  for (const [name, value] of Object.entries(expected)) {
    const found = shown.get(name);
    if (names.has(name) && !isSame(value, found)) throw overridden(name, value, found);
  }
}

function isSame(value: Value, shown: string | undefined): boolean {
  if (shown === undefined) return false;
  if (typeof value === 'bigint') return shown === String(value);
  if (typeof value === 'number') return Number(shown) === value;
  // The server lists modes in its own order.
  return shown.split(',').toSorted().join() === value.split(',').toSorted().join();
}

const overridden = (name: string, value: Value, found = 'unknown') =>
  unusable(
    `The session variable ${name} was set to ${value} and is ${found}: let the server, and what is between, keep what a session sets.`,
  );

function assertUsable(shown: Map<string, string>): void {
  if (shown.get('log_bin') === 'ON' && shown.get('binlog_format') === 'STATEMENT') {
    throw unusable('The server logs statements: set binlog_format to ROW or MIXED.');
  }
  if (Number(shown.get('max_allowed_packet') ?? MIN_PACKET_BYTES) < MIN_PACKET_BYTES) {
    throw unusable(`Set max_allowed_packet of the server to ${MIN_PACKET_BYTES} at least.`);
  }
}

/** Ends a start; later it is an outage of this one connection. */
const unusable = (message: string) => Object.assign(new StartError(message), { fatal: true });

/** A node of Galera that answers before it knows what the others have committed. */
const isOutOfSync = (shown: Map<string, string>) =>
  shown.get('wsrep_on') === 'ON' &&
  (Number(shown.get('wsrep_sync_wait')) & SYNC_WAIT) !== SYNC_WAIT;
