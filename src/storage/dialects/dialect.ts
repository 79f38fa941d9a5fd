import type { DataSource, DataSourceOptions, QueryRunner, Table } from 'typeorm';
import type { Env } from '../../config/env';
import type { Outcome } from '../runner';
import type { Sql } from '../sql';

/** Everything that differs between the databases. */
export interface Dialect {
  /**
   * How we connect to a database.
   *
   * @param address options of which only the address and the credentials are used.
   * @throws StartError for a database that a second connection cannot open.
   */
  connectionOptions(address: DataSourceOptions, env: Env): DataSourceOptions;

  /** The SQL expression of the database's clock in epoch milliseconds: one clock for all nodes. */
  readonly now: Sql;

  /** An INSERT, up to `INTO`, that passes over rows whose key is there. */
  readonly insertUnlessThere: Sql;

  /** Ends an INSERT, before assignments: what happens to the row whose key is there. */
  readonly orUpdate: Sql;

  /** Holds in a statement when the one before it, on the same connection, has changed one row. */
  readonly oneChanged: Sql;

  /** The hint behind a table's name in a SELECT that makes the database read it by this index. */
  byIndex(name: string): Sql;

  /** Ends a SELECT whose rows nobody else may change before this transaction ends. */
  readonly forUpdate: Sql;

  /** Gives the statements of a DataSource deadlines, and isolates its transactions from each other. Call it before it connects. */
  isolate(dataSource: DataSource): void;

  /** The rows of a SELECT that finds few by a key; what comes in one turn of the event loop goes in one call where the driver can. */
  lookUp(on: DataSource, statement: Sql): Promise<Record<string, unknown>[]>;

  /** Runs statements in one transaction; none may need the result of another. */
  atomically(on: DataSource, statements: readonly Sql[]): Promise<Outcome[]>;

  /** Runs statements in the transaction of a runner, in one call where the driver can. */
  together(runner: QueryRunner, statements: readonly Sql[]): Promise<void>;

  /** Whether the server only reads, as the old primary does after a failover; if so, its connections are replaced. */
  isDemoted(on: DataSource): Promise<boolean>;

  /** Whether a failover is so recent that results may still come from the old primary. */
  isSettling(on: DataSource): boolean;

  /** Takes what was erased out of the files that the database keeps beside its tables, where we can reach them. */
  forget(on: DataSource): Promise<void>;

  /** A DataSource to migrate with: TypeORM reads the schema correctly by it, and nothing has a deadline. */
  migrationDataSource(options: DataSourceOptions): DataSource;

  /** Runs `work` while it holds the lock that only one migrating instance at a time can hold. */
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
