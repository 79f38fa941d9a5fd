import type { DataSource, DataSourceOptions, QueryRunner, Table } from 'typeorm';
import type { Env } from '../../config/env';
import type { Outcome } from '../runner';
import type { Sql } from '../sql';

/** All that depends on which database it is. */
export interface Dialect {
  /**
   * How we connect to a database.
   *
   * @param address options of which only what tells where the database is, and who asks, is taken.
   * @throws StartError when it cannot be shared.
   */
  connectionOptions(address: DataSourceOptions, env: Env): DataSourceOptions;

  /** The SQL expression of the database's clock in epoch milliseconds: one clock for all nodes. */
  readonly now: Sql;

  /** Follows the name of a table in a SELECT and makes it be read by an index. */
  byIndex(name: string): Sql;

  /** Makes every statement of a DataSource that is not connected yet end in time and apart from those of others. */
  isolate(dataSource: DataSource): void;

  /** A transaction of statements of which none waits for the outcome of another. */
  atomically(on: DataSource, statements: readonly Sql[]): Promise<Outcome[]>;

  /** Whether the server only reads, as the old primary does after a failover; if so, its connections are replaced. */
  isDemoted(on: DataSource): Promise<boolean>;

  /** Whether what was read may still come from a server that has been left. */
  isSettling(on: DataSource): boolean;

  /** The options with which TypeORM reads the schema as it is. */
  migrationOptions(options: DataSourceOptions): DataSourceOptions;

  /** Holds the one lock of all instances that migrate this database. */
  whileLocked<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T>;

  /** The names of the columns of a table; none when there is no such table. */
  columnsOf(runner: QueryRunner, table: string): Promise<string[]>;

  /**
   * Creates a table whose texts hold every character and are compared exactly. One that an interrupted migration left
   * is completed.
   *
   * @throws StartError when there is a table of that name which is not ours.
   */
  createTable(runner: QueryRunner, table: Table): Promise<void>;
}
