import { hostname } from 'node:os';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { VERSION } from '../config/version';
import { change, insertionOr, nameIn } from '../storage/queries';
import { RedisHealthService } from '../storage/redis-health.service';
import { readClock } from '../storage/sql-clock';
import { type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { LeasesService } from './leases.service';

const TELL_MS = 10_000;
const PURGE_MS = 10 * 60_000;
/** How long one is remembered that died. */
export const NODE_RETENTION_MS = 86_400_000;
const NAME_LENGTH = 64;

/** Tells in SQL that this node is there, of which version, and how it does: operators see all of them in one place. */
@Injectable()
export class NodesService implements BeforeApplicationShutdown {
  private readonly table: Sql;
  private readonly startedAt: number;
  private isStopping = false;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    jobs: BackgroundJobsService,
    private readonly leases: LeasesService,
    private readonly redis: RedisHealthService,
  ) {
    this.table = nameIn(dataSource, 'nodes');
    this.startedAt = clock.elapsed();
    jobs.every('sign of life', TELL_MS, () => this.tell(), { runsAtStart: true });
    jobs.every('purge of nodes', PURGE_MS, () => this.purge());
  }

  async tell(): Promise<void> {
    const askedAt = this.clock.elapsed();
    const now = await readClock(this.dataSource);
    if (this.isStopping) return;
    const [redis, sqlMs] = [this.redis.health.status, Math.round(this.clock.elapsed() - askedAt)];
    const row = {
      id: this.leases.holder,
      name: hostname().slice(0, NAME_LENGTH),
      version: VERSION,
      redis,
      sql_ms: sqlMs,
      started_at: Math.round(now - (this.clock.elapsed() - this.startedAt)),
      seen_at: now,
    };
    const again = sql`redis = ${redis}, sql_ms = ${sqlMs}, seen_at = ${now}`;
    await change(this.dataSource, insertionOr(this.dataSource, this.table, row, again));
    // It may have been written behind the end.
    if (this.isStopping) await this.leave();
  }

  /** One that is to be there no more is not missed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.leave().catch(() => undefined);
  }

  private async leave(): Promise<void> {
    const leaving = sql`DELETE FROM ${this.table} WHERE id = ${this.leases.holder}`;
    await change(this.dataSource, leaving);
  }

  private async purge(): Promise<void> {
    const forgotten = this.clock.now() - NODE_RETENTION_MS;
    await change(this.dataSource, sql`DELETE FROM ${this.table} WHERE seen_at < ${forgotten}`);
  }
}
