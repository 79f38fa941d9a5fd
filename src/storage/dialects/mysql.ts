import { DataSource, type DataSourceOptions, type QueryRunner, type Table } from 'typeorm';
import { LookUps } from '../look-ups';
import { raw, type Sql } from '../sql';
import { type Outcome, withRunner } from '../runner';
import type { Dialect } from './dialect';
import { assertOurs } from './foreign-tables';
import { mysqlOptions } from './mysql-options';
import { limitWaiting } from './mysql-query-runner';
import { prepareSessions } from './mysql-session';
import { PoolRenewal } from './pool-renewal';

const LOCK_NAME = 'tandem.migrate';
const LOCK_WAIT_SECONDS = 60;

const lookUpsOf = new WeakMap<DataSource, LookUps>();

/** MySQL and MariaDB. */
export const mysql: Dialect = {
  connectionOptions: mysqlOptions,

  now: raw("TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000"),

  insertUnlessThere: raw('INSERT IGNORE'),

  orUpdate: raw('ON DUPLICATE KEY UPDATE'),

  oneChanged: raw('ROW_COUNT() = 1'),

  // Otherwise MySQL examines each candidate index before every execution.
  byIndex: (name) => raw(`FORCE INDEX (${name})`),

  forUpdate: raw('FOR UPDATE'),

  isolate: limitWaiting,

  lookUp(on: DataSource, statement: Sql) {
    const together = lookUpsOf.get(on) ?? new LookUps(on);
    lookUpsOf.set(on, together);
    return together.rowsOf(statement);
  },

  /** Sent in one call, so that locks are held only while the server works, even when this process dies. */
  atomically(on: DataSource, statements: readonly Sql[]): Promise<Outcome[]> {
    const sql = ['START TRANSACTION', ...statements.map(({ text }) => text), 'COMMIT'];
    const values = statements.flatMap((statement) => statement.values);
    return withRunner(on, async (runner) => {
      try {
        return outcomesOf(await runner.query(sql.join(';\n'), values));
      } catch (error) {
        // The server stops at the statement that fails: the COMMIT was not executed.
        await runner.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  },

  async together(runner: QueryRunner, statements: readonly Sql[]): Promise<void> {
    const text = statements.map((statement) => statement.text).join(';\n');
    await runner.query(
      text,
      statements.flatMap(({ values }) => values),
    );
  },

  async isDemoted(on: DataSource): Promise<boolean> {
    const [{ value }] = await on.query('SELECT @@global.read_only AS value');
    // 0 and 1 or OFF and ON, depending on the version.
    if (['0', 'OFF'].includes(String(value))) return false;
    PoolRenewal.of(on)?.renew();
    return true;
  },

  isSettling: (on) => PoolRenewal.of(on)?.isRecent === true,

  // Its logs are the server's: how long they are kept is said there.
  forget: () => Promise.resolve(),

  migrationDataSource(options: DataSourceOptions): DataSource {
    const dataSource = new DataSource(options);
    prepareSessions(dataSource, LOCK_WAIT_SECONDS);
    return dataSource;
  },

  /** MySQL commits with every DDL statement, so that only a lock outside the transaction can hold. */
  async whileLocked<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
    // The name tells apart the installations on one server. MySQL allows 64 characters.
    const prefix = runner.dataSource.options.entityPrefix ?? '';
    const lock = `CONCAT_WS('.', '${LOCK_NAME}', MD5(DATABASE()), NULLIF('${prefix}', ''))`;
    const [{ locked }] = await runner.query(
      `SELECT GET_LOCK(${lock}, ${LOCK_WAIT_SECONDS}) AS locked`,
    );
    if (Number(locked) !== 1) throw new Error('Another instance has been migrating for too long.');
    try {
      return await work();
    } finally {
      await runner.query(`SELECT RELEASE_LOCK(${lock})`);
    }
  },

  async columnsOf(runner: QueryRunner, table: string): Promise<string[]> {
    const rows: { name: string }[] = await runner.query(
      'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?',
      [table],
    );
    return rows.map(({ name }) => name);
  },

  async createTable(runner: QueryRunner, table: Table): Promise<void> {
    const found = await mysql.columnsOf(runner, table.name);
    // One statement creates a table with its indexes: neither is ever there without the other.
    if (found.length === 0) await runner.createTable(table);
    else assertOurs(table.name, namesOf(table), found);
    // The default collation of the database may fold case and accents, or lack emoji.
    await runner.query(
      `ALTER TABLE ${table.name} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    );
  },
};

const namesOf = ({ columns }: Table) => columns.map(({ name }) => name);

/** @param results those of START TRANSACTION and COMMIT are the first and the last. */
function outcomesOf(results: (Record<string, unknown>[] | { affectedRows: number })[]): Outcome[] {
  return results
    .slice(1, -1)
    .map((result) => (Array.isArray(result) ? result : result.affectedRows));
}
