import { RedactingLogger } from '../../common/redacting-logger';
import type { DataSource } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver';
import { isReadOnly } from '../sql-errors';
import { Liveness, type PooledConnection } from './liveness';

/** Between renewals, so that a server that stays read-only is not flooded with connections. */
const PAUSE_MS = 1000;
/** After a renewal, how long results may still come from the old primary. */
const SETTLING_MS = 5000;

/**
 * Which connections of a pool may serve: those that are known to live, and after a failover those that were opened
 * since. Earlier ones may lead to the old primary, which is read-only and lags behind: the first write that fails for
 * that reason, or the first check that finds the server read-only, renews the pool. What may not serve is closed
 * instead of being used again.
 */
export class PoolRenewal {
  private static readonly all = new WeakMap<DataSource, PoolRenewal>();
  private readonly logger = new RedactingLogger(PoolRenewal.name);
  readonly liveness = new Liveness();
  private readonly openedAt = new WeakMap<object, number>();
  private renewedAt = -Infinity;

  constructor(dataSource: DataSource) {
    const driver = dataSource.driver as MysqlDriver;
    const obtain = driver.obtainMasterConnection.bind(driver);
    driver.obtainMasterConnection = () => this.obtainTrusted(obtain);
    PoolRenewal.all.set(dataSource, this);
  }

  /** Undefined where there is no pool. */
  static of(dataSource: DataSource): PoolRenewal | undefined {
    return PoolRenewal.all.get(dataSource);
  }

  get isRecent(): boolean {
    return performance.now() - this.renewedAt < SETTLING_MS;
  }

  after(error: unknown): void {
    if (isReadOnly(error)) this.renew();
  }

  renew(): void {
    const now = performance.now();
    if (now - this.renewedAt <= PAUSE_MS) return;
    this.renewedAt = now;
    this.logger.warn('Database is read-only (failover?); replacing connections');
  }

  private async obtainTrusted(obtain: MysqlDriver['obtainMasterConnection']): Promise<unknown> {
    for (;;) {
      const askedAt = performance.now();
      const connection: PooledConnection = await obtain();
      if (!this.openedAt.has(connection)) this.openedAt.set(connection, askedAt);
      const isOfToday = this.openedAt.get(connection)! > this.renewedAt;
      if (isOfToday && (await this.liveness.isAlive(connection))) return connection;
      discard(connection);
    }
  }
}

/** Also where nobody answers the goodbye. */
function discard(connection: PooledConnection): void {
  connection.destroy();
  connection.stream.destroy();
}
