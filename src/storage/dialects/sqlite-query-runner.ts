import { Mutex, type MutexInterface } from 'async-mutex';
import type { DataSource } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner';

/**
 * TypeORM shares one SQLite connection and one query runner among all callers, so that a statement of
 * one request would run, and be rolled back, inside the transaction of another. Here every caller
 * gets its own runner, and a transaction has the connection to itself until it ends.
 */
export function isolateTransactions(dataSource: DataSource): void {
  const driver = dataSource.driver as BetterSqlite3Driver;
  const mutex = new Mutex();
  // Shared by all runners. TypeORM keeps the last hundred, since statements with a literal time never repeat.
  const statements = new Map();
  driver.createQueryRunner = () => new ExclusiveQueryRunner(driver, mutex, statements);
}

class ExclusiveQueryRunner extends BetterSqlite3QueryRunner {
  private unlock?: MutexInterface.Releaser;

  constructor(
    driver: BetterSqlite3Driver,
    private readonly mutex: Mutex,
    statements: Map<string, unknown>,
  ) {
    super(driver);
    Object.assign(this, { stmtCache: statements });
  }

  override async startTransaction(): Promise<void> {
    this.unlock ??= await this.mutex.acquire();
    await this.endingOnError(() => super.startTransaction());
  }

  override async commitTransaction(): Promise<void> {
    await super.commitTransaction();
    this.letGo();
  }

  override async rollbackTransaction(): Promise<void> {
    await this.endingOnError(() => super.rollbackTransaction());
    this.letGo();
  }

  override query(...[text, ...more]: Parameters<BetterSqlite3QueryRunner['query']>): Promise<any> {
    // A transaction that begins to read cannot go on to write once another process has written.
    const statement = text === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE' : text;
    return this.unlock
      ? super.query(statement, ...more)
      : this.mutex.runExclusive(() => super.query(statement, ...more));
  }

  /** After a BEGIN or ROLLBACK that fails no transaction is open, although TypeORM's flag says so. */
  private async endingOnError(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.isTransactionActive = false;
      this.transactionDepth = 0;
      this.letGo();
      throw error;
    }
  }

  private letGo(): void {
    if (this.isTransactionActive) return;
    this.unlock?.();
    this.unlock = undefined;
  }
}
