import type { DataSource, ReplicationMode } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver';
import { MysqlQueryRunner } from 'typeorm/driver/mysql/MysqlQueryRunner';
import { PoolRenewal } from './pool-renewal';

/** Milliseconds for one statement, with the wait for a connection. */
const DEADLINE = 1500;

/**
 * Makes every statement fail in time when the server hangs or the pool is used up, for which mysql2 would
 * wait for ever, and leaves a server that has become read-only.
 */
export function limitWaiting(dataSource: DataSource): DataSource {
  const driver = dataSource.driver as MysqlDriver;
  const renewal = new PoolRenewal(dataSource);
  driver.createQueryRunner = (mode) => new ImpatientQueryRunner(driver, mode, renewal);
  return dataSource;
}

class ImpatientQueryRunner extends MysqlQueryRunner {
  private isAbandoned = false;

  constructor(
    driver: MysqlDriver,
    mode: ReplicationMode,
    private readonly renewal: PoolRenewal,
  ) {
    super(driver, mode);
  }

  override async query(...statement: Parameters<MysqlQueryRunner['query']>): Promise<any> {
    if (this.isAbandoned) throw timedOut();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.abandon();
        reject(timedOut());
      }, DEADLINE);
    });
    try {
      return await Promise.race([super.query(...statement), deadline]);
    } catch (error) {
      this.renewal.after(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A connection with a statement under way must never serve another request. */
  private abandon(): void {
    this.isAbandoned = true;
    const connection: Promise<{ destroy(): void }> | undefined = this.databaseConnectionPromise;
    connection?.then(
      (late) => late.destroy(),
      () => undefined,
    );
  }
}

const timedOut = () =>
  Object.assign(new Error('The database did not answer in time.'), { code: 'ETIMEDOUT' });
