import type { DataSource } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver';
import { MysqlQueryRunner } from 'typeorm/driver/mysql/MysqlQueryRunner';

/** Milliseconds for one statement, with the wait for a connection. */
const DEADLINE = 1500;

/** Makes every statement fail in time when the server hangs or the pool is used up: mysql2 would wait for ever. */
export function limitWaiting(dataSource: DataSource): DataSource {
  const driver = dataSource.driver as MysqlDriver;
  driver.createQueryRunner = (mode) => new ImpatientQueryRunner(driver, mode);
  return dataSource;
}

class ImpatientQueryRunner extends MysqlQueryRunner {
  private isAbandoned = false;

  override async query(...statement: Parameters<MysqlQueryRunner['query']>): Promise<any> {
    if (this.isAbandoned) throw timedOut();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.abandon();
        reject(timedOut());
      }, DEADLINE);
    });
    return Promise.race([super.query(...statement), deadline]).finally(() => clearTimeout(timer));
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
