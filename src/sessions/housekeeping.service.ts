import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import {
  DataSource,
  type EntityManager,
  type FindOptionsWhere,
  LessThan,
  Repository,
} from 'typeorm';
import { SYSTEM } from '../audit/change';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { Env } from '../config/env';
import { BATCH, deleteInBatches } from '../storage/batches';
import { retrying } from '../storage/retrying';
import { raw, type Sql, sql } from '../storage/sql';
import { sqlNow } from '../storage/sql-clock';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { idleSince } from './activity.service';
import { Session } from './session.entity';
import { SessionEndsQueries } from './session-ends.queries';

const INTERVAL_MS = 60_000;

/** Gives expired and idle sessions their end, and purges the record of those that ended long ago. */
@Injectable()
export class HousekeepingService {
  constructor(
    @InjectRepository(Session, TANDEM) private readonly sessions: Repository<Session>,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly ends: SessionEndsQueries,
    private readonly env: Env,
    jobs: BackgroundJobsService,
  ) {
    jobs.every('session housekeeping', INTERVAL_MS, () => this.sweep());
  }

  async sweep(now = this.clock.date()): Promise<void> {
    const retained = new Date(now.getTime() - this.env.SESSION_RETENTION * 1000);
    const idleMs = idleSince(this.env.SESSION_IDLE_TTL, now.getTime());
    await this.expire(sql`s.expires_at < ${now.getTime()}`, raw('expires_at'));
    // By the clock of the database, so that all nodes learn of it: the tokens are still valid.
    if (idleMs !== undefined) {
      await this.expire(sql`s.last_used_at <= ${idleMs}`, sqlNow(this.dataSource));
    }
    await this.purge({ endedAt: LessThan(retained) });
  }

  private async expire(which: Sql, endedAt: Sql): Promise<void> {
    const endBatch = (manager: EntityManager) =>
      this.ends.endSome(manager, which, { reason: 'expired', actor: SYSTEM }, endedAt);
    for (;;) {
      const end = () => this.dataSource.transaction(endBatch);
      const ended = await retrying(end, isCollision);
      if (ended.length < BATCH) return;
    }
  }

  private purge(where: FindOptionsWhere<Session>): Promise<void> {
    return deleteInBatches(this.sessions, where);
  }
}
