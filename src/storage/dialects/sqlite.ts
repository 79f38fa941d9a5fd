import { DataSource, type DataSourceOptions, type QueryRunner, type Table } from 'typeorm';
import type { BetterSqlite3DataSourceOptions } from 'typeorm/driver/better-sqlite3/BetterSqlite3DataSourceOptions';
import { StartError } from '../../common/start-error';
import type { Env } from '../../config/env';
import { NOTHING, raw, type Sql } from '../sql';
import { execute, type Outcome } from '../runner';
import type { Dialect } from './dialect';
import { foreignTable } from './foreign-tables';
import { keepPrivate } from './private-file';
import { isolateTransactions } from './sqlite-query-runner';

/** One file, one process. */
export const sqlite: Dialect = {
  connectionOptions(address: DataSourceOptions, env: Env): DataSourceOptions {
    const { database, driver } = address as BetterSqlite3DataSourceOptions;
    if (!isFile(database)) {
      throw new StartError('Tandem connects to SQLite by itself: it needs a file, not :memory:.');
    }
    keepPrivate(database, { isOurs: database === env.sqliteFile });
    return {
      type: 'better-sqlite3',
      database,
      // The driver of whoever else has the file open in this process: two copies of SQLite break each other's locks.
      driver,
      enableWAL: true,
      prepareDatabase: prepare,
    };
  },

  now: raw("CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"),

  insertUnlessThere: raw('INSERT OR IGNORE'),

  orUpdate: raw('ON CONFLICT DO UPDATE SET'),

  oneChanged: raw('changes() = 1'),

  byIndex: (name) => raw(`INDEXED BY ${name}`),

  // A transaction that writes has the whole file to itself.
  forUpdate: NOTHING,

  isolate: isolateTransactions,

  lookUp: (on, { text, values }) => on.query(text, [...values]),

  atomically(on: DataSource, statements: readonly Sql[]): Promise<Outcome[]> {
    return on.transaction(async ({ queryRunner }) => {
      const outcomes: Outcome[] = [];
      for (const statement of statements) outcomes.push(await execute(queryRunner!, statement));
      return outcomes;
    });
  },

  async together(runner: QueryRunner, statements: readonly Sql[]): Promise<void> {
    for (const statement of statements) await execute(runner, statement);
  },

  isDemoted: () => Promise.resolve(false),

  isSettling: () => false,

  // `secure_delete` has overwritten it in the tables; the log of the last writes still has it.
  async forget(on: DataSource): Promise<void> {
    await on.query('PRAGMA wal_checkpoint(TRUNCATE)');
  },

  /**
   * TypeORM takes every column for NOT NULL and every index for not unique when SQLite answers in
   * BigInts, and would rebuild a table that a migration alters accordingly.
   */
  migrationDataSource: (options) =>
    new DataSource({ ...options, prepareDatabase: undefined } as DataSourceOptions),

  async whileLocked<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
    await runner.query('BEGIN IMMEDIATE');
    try {
      const result = await work();
      await runner.query('COMMIT');
      return result;
    } catch (error) {
      await runner.query('ROLLBACK');
      throw error;
    }
  },

  async columnsOf(runner: QueryRunner, table: string): Promise<string[]> {
    const rows: { name: string }[] = await runner.query('SELECT name FROM pragma_table_info(?)', [
      table,
    ]);
    return rows.map(({ name }) => name);
  },

  async createTable(runner: QueryRunner, table: Table): Promise<void> {
    // SQLite rolls an interrupted migration back, so that a table that is there cannot be ours.
    if (await runner.hasTable(table.name)) throw foreignTable(table.name);
    await runner.createTable(table);
  },
};

const isFile = (database: string) => database !== '' && !database.includes(':memory:');

interface Connection {
  defaultSafeIntegers(on: boolean): void;
  exec(statement: string): void;
}

function prepare(connection: Connection): void {
  // Otherwise integers above 2^53 are rounded.
  connection.defaultSafeIntegers(true);
  // Otherwise deleted rows stay in the file until something takes their place.
  connection.exec('PRAGMA secure_delete = ON');
}
