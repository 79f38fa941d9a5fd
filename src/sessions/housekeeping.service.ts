import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import {
  DataSource,
  type FindOperator,
  type FindOptionsWhere,
  In,
  IsNull,
  LessThan,
  LessThanOrEqual,
  Repository,
} from 'typeorm';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import { inBatches } from '../storage/batches';
import { sqlNow } from '../storage/sql-clock';
import { TANDEM } from '../storage/tandem';
import { idleSince } from './activity.service';
import { Session } from './session.entity';

const INTERVAL_MS = 60_000;

/** Gives expired and idle sessions their end, and purges the record of those that ended long ago. */
@Injectable()
export class HousekeepingService {
  constructor(
    @InjectRepository(Session, TANDEM) private readonly sessions: Repository<Session>,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly metrics: MetricsService,
    jobs: BackgroundJobsService,
  ) {
    jobs.every('session housekeeping', INTERVAL_MS, () => this.sweep());
  }

  async sweep(now = this.clock.date()): Promise<void> {
    const retained = new Date(now.getTime() - this.env.SESSION_RETENTION * 1000);
    const idleMs = idleSince(this.env.SESSION_IDLE_TTL, now.getTime());
    await this.expire({ expiresAt: LessThan(now) }, 'expires_at');
    // By the clock of the database, so that all nodes learn of it: the tokens are still valid.
    if (idleMs !== undefined) {
      const lastUsedAt = LessThanOrEqual(new Date(idleMs));
      await this.expire({ lastUsedAt }, sqlNow(this.dataSource).text);
    }
    await this.eachBatch({ endedAt: LessThan(retained) }, (id) => this.sessions.delete({ id }));
  }

  private async expire(where: FindOptionsWhere<Session>, endedAtSql: string): Promise<void> {
    const unended = { ...where, endedAt: IsNull() };
    await this.eachBatch(unended, async (id) => {
      const end = { endedAt: () => endedAtSql, endReason: 'expired' } as const;
      const { affected } = await this.sessions.update({ ...unended, id }, end);
      this.metrics.sessionsEnded('expired', affected ?? 0);
    });
  }

  private eachBatch(
    where: FindOptionsWhere<Session>,
    change: (ids: FindOperator<string>) => Promise<unknown>,
  ): Promise<void> {
    return inBatches(
      (take) => this.sessions.find({ where, select: { id: true }, take }),
      (batch) => change(In(batch.map(({ id }) => id))),
    );
  }
}
