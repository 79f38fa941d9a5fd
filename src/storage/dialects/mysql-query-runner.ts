import {
  type DataSource,
  QueryFailedError,
  QueryResult,
  QueryRunnerAlreadyReleasedError,
  type ReplicationMode,
} from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver';
import { MysqlQueryRunner } from 'typeorm/driver/mysql/MysqlQueryRunner';
import { deadline } from '../../common/deadline';
import type { PooledConnection } from './liveness';
import { prepareSessions } from './mysql-session';
import { PoolRenewal } from './pool-renewal';

/** Deadline of one statement, including the wait for a connection. */
const DEADLINE_MS = 1500;
/** Shorter than that: a statement that was reported as failed must not be committed later. */
const LOCK_WAIT_SECONDS = 1;

/**
 * Gives every statement a deadline, since mysql2 waits for ever when the server hangs or the pool is used up, and
 * replaces the connections to a server that has become read-only.
 */
export function limitWaiting(dataSource: DataSource): void {
  const driver = dataSource.driver as MysqlDriver;
  prepareSessions(dataSource, LOCK_WAIT_SECONDS);
  const renewal = new PoolRenewal(dataSource);
  driver.createQueryRunner = (mode) => new ImpatientQueryRunner(driver, mode, renewal);
}

interface MysqlConnection extends PooledConnection {
  query(
    text: string,
    values: unknown[] | undefined,
    done: (refusal: Error | null, answer: Answer) => void,
  ): void;
}

/** Rows, or the number of changed rows, or a list of these for several statements. */
type Answer = unknown[] | { readonly affectedRows: number } | undefined;

interface Outcome {
  readonly refusal: Error | null;
  readonly answer: Answer;
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

  /** Replaces TypeORM's method, whose events and timings take as long as the driver itself. */
  override async query(text: string, values?: any[], isStructured = false): Promise<any> {
    if (this.isReleased) throw new QueryRunnerAlreadyReleasedError();
    if (this.isAbandoned) throw timedOut();
    this.dataSource.logger.logQuery(text, values, this);
    try {
      const { refusal, answer } = await this.send(text, values);
      // Created here so that its stack shows the caller.
      if (refusal) throw new QueryFailedError(text, values, refusal);
      return isStructured ? resultOf(answer) : answer;
    } catch (error) {
      this.dataSource.logger.logQueryError(error as Error, text, values, this);
      this.renewal.after(error);
      throw error;
    }
  }

  private send(text: string, values?: any[]): Promise<Outcome> {
    const { liveness } = this.renewal;
    return new Promise((resolve, reject) => {
      let isSent = false;
      const settled = deadline(DEADLINE_MS, () => {
        if (isSent) liveness.suspectAll();
        this.abandon();
        reject(timedOut());
      });
      const sendOn = (connection: MysqlConnection) => {
        if (this.isAbandoned) return;
        isSent = true;
        connection.query(text, values, (refusal, answer) => {
          settled();
          liveness.answered(connection);
          resolve({ refusal, answer });
        });
      };
      const fail = (error: unknown) => {
        settled();
        reject(error);
      };
      this.connect().then(sendOn).catch(fail);
    });
  }

  /** A connection whose statement still runs must not serve another request. */
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

function resultOf(answer: Answer): QueryResult {
  const result = Array.isArray(answer) ? { records: answer } : { affected: answer?.affectedRows };
  return Object.assign(new QueryResult(), { raw: answer, ...result });
}
