import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { RedactingLogger } from '../common/redacting-logger';
import { ApiException } from '../common/errors';
import { StartError } from '../common/start-error';
import { dialectOf } from './dialects/dialects';
import { migrate } from './migrate';
import { isPermanent } from './sql-errors';
import { TANDEM } from './tandem';

const RETRY_MS = 500;
/** How long the start waits before it goes on without a database. */
const START_PATIENCE_MS = 5000;

/**
 * Connects and migrates. A database that is away at the start does not stop the process: it goes on
 * trying, and until then every request that needs SQL gets a 503. What no retry can mend ends the start.
 */
@Injectable()
export class DatabaseService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new RedactingLogger(DatabaseService.name);
  private readonly stopping = new AbortController();
  /** The error that was logged last: it is not logged again while it stays the same. */
  private problem?: string;
  private giveUp!: (reason: StartError) => void;

  /** Settles if a later attempt meets what no retry can mend. The node stays unready then; a host lives on. */
  readonly givenUp = new Promise<StartError>((resolve) => {
    this.giveUp = resolve;
  });

  constructor(@InjectDataSource(TANDEM) private readonly dataSource: DataSource) {}

  /** @throws StartError when the database answers within five seconds that it cannot be used. */
  async onModuleInit(): Promise<void> {
    const patience = new AbortController();
    const { signal } = patience;
    const attempt = this.connect();
    const timeout = delay(START_PATIENCE_MS, false, { signal }).catch(() => false);
    const isConnected = await Promise.race([attempt, timeout]).finally(() => patience.abort());
    if (!isConnected) void this.keepTrying(attempt);
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** @throws when the database does not answer. */
  async ping(): Promise<void> {
    await this.dataSource.query('SELECT 1');
  }

  /**
   * Call it before refusing a request because a row is missing: right after a failover the row may have been
   * looked for on the old primary, which lags behind.
   *
   * @throws ApiException `UNAVAILABLE`.
   */
  async assertPrimary(): Promise<void> {
    const dialect = dialectOf(this.dataSource);
    const isDemoted = await dialect.isDemoted(this.dataSource);
    if (isDemoted || dialect.isSettling(this.dataSource)) throw new ApiException('UNAVAILABLE');
  }

  /** @throws StartError when no retry can succeed. */
  private async connect(): Promise<boolean> {
    try {
      const applied = await migrate(this.dataSource.options);
      if (applied.length > 0) this.logger.log(`Migrations applied: ${applied.length}`);
      await this.dataSource.initialize();
      if (this.problem) this.logger.log('The database is back');
      return true;
    } catch (error) {
      if (isPermanent(error)) throw unusable(error);
      const { message } = error as Error;
      if (message !== this.problem) this.logger.error(error, 'The database is not ready; retrying');
      this.problem = message;
      return false;
    }
  }

  private async keepTrying(attempt: Promise<boolean>): Promise<void> {
    const { signal } = this.stopping;
    try {
      while (!(await attempt)) {
        await delay(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
        if (signal.aborted) return;
        attempt = this.connect();
      }
    } catch (error) {
      this.logger.error((error as StartError).message);
      this.giveUp(error as StartError);
    }
  }
}

function unusable(cause: unknown): StartError {
  if (cause instanceof StartError) return cause;
  const { message } = cause as Error;
  return new StartError(`The database cannot be used: ${message}`, { cause });
}
