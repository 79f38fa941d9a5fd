import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, Repository } from 'typeorm';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { BATCH } from '../storage/batches';
import { TANDEM } from '../storage/tandem';
import { Session } from './session.entity';

const FLUSH_MS = 60_000;
/** A stored time that is younger is not written again: several nodes that see the same session write once. */
const STORED_MS = 60_000;
/** How far the stored last use may lag behind. */
const LAG_MS = FLUSH_MS + STORED_MS;

/**
 * When sessions were last used, without a write per request: what a minute's requests touched is
 * written together, unless less than a minute ago is stored. A node that is killed forgets its last minute.
 */
@Injectable()
export class ActivityService {
  private touched = new Set<string>();

  constructor(
    @InjectRepository(Session, TANDEM) private readonly sessions: Repository<Session>,
    private readonly clock: Clock,
    jobs: BackgroundJobsService,
  ) {
    const options = { runsAtShutdown: true };
    jobs.every('last use of sessions', FLUSH_MS, () => this.flush(), options);
  }

  touch(sessionId: string): void {
    this.touched.add(sessionId);
  }

  async flush(): Promise<void> {
    const ids = [...this.touched];
    this.touched = new Set();
    const lastUsedAt = this.clock.date();
    const stored = LessThan(new Date(lastUsedAt.getTime() - STORED_MS));
    try {
      for (let from = 0; from < ids.length; from += BATCH) {
        const id = In(ids.slice(from, from + BATCH));
        await this.sessions.update({ id, lastUsedAt: stored }, { lastUsedAt });
      }
    } catch (error) {
      for (const id of ids) this.touched.add(id);
      throw error;
    }
  }
}

/**
 * A session is idle when its `last_used_at` is not after this time, in epoch milliseconds; undefined without an idle
 * timeout of `seconds`. Allows for two minutes of use that are not written.
 */
export function idleSince(seconds: number | undefined, nowMs: number): number | undefined {
  return seconds === undefined ? undefined : nowMs - seconds * 1000 - LAG_MS;
}
