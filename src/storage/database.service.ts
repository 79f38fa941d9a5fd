import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ApiException } from '../common/errors';
import { dialectOf } from './dialects/dialects';
import { migrate } from './migrate';
import { TANDEM } from './tandem';

const RETRY_MILLISECONDS = 500;
/** Milliseconds that the start waits before it goes on without a database. */
const START_PATIENCE = 5000;

/**
 * Connects and migrates. A database that is away at the start does not stop the process: it goes on
 * trying, and until then every request that needs SQL gets a 503.
 */
@Injectable()
export class DatabaseService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(DatabaseService.name);
  private readonly stopping = new AbortController();
  /** What was logged last: a database that stays away is no news. */
  private problem?: string;

  constructor(@InjectDataSource(TANDEM) private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    const patience = new AbortController();
    const attempt = this.connect();
    void attempt.then((isConnected) => (isConnected ? undefined : this.keepTrying()));
    const timeout = delay(START_PATIENCE, undefined, { signal: patience.signal });
    await Promise.race([attempt, timeout.catch(() => undefined)]);
    patience.abort();
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** @throws when the database does not answer. */
  async ping(): Promise<void> {
    await this.dataSource.query('SELECT 1');
  }

  /**
   * To be asked before something is refused because a row is missing: right after a failover the old
   * primary may have been asked, which is behind.
   *
   * @throws ApiException `UNAVAILABLE`.
   */
  async assertPrimary(): Promise<void> {
    const dialect = dialectOf(this.dataSource);
    const isDemoted = await dialect.isDemoted(this.dataSource);
    if (isDemoted || dialect.isSettling(this.dataSource)) throw new ApiException('UNAVAILABLE');
  }

  private async connect(): Promise<boolean> {
    try {
      const applied = await migrate(this.dataSource.options);
      if (applied.length > 0) this.logger.log(`Migrations applied: ${applied.length}`);
      await this.dataSource.initialize();
      if (this.problem) this.logger.log('The database is back');
      return true;
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.problem) this.logger.error(error, 'The database is not ready');
      this.problem = message;
      return false;
    }
  }

  private async keepTrying(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await delay(RETRY_MILLISECONDS, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted && (await this.connect())) return;
    }
  }
}
