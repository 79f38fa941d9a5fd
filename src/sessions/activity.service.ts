import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, MoreThan, Repository } from 'typeorm';
import { Clock } from '../common/clock';
import { repeat } from '../common/repeat';
import { BATCH } from '../storage/batches';
import { TANDEM } from '../storage/tandem';
import { Session } from './session.entity';

const FLUSH_MILLISECONDS = 60_000;
/** How old the stored time is when another is written: nodes that see the same session write one, not each its own. */
const STORED_MILLISECONDS = 60_000;
/** How far the stored time of the last use may lag behind. */
const LAG_MILLISECONDS = FLUSH_MILLISECONDS + STORED_MILLISECONDS;

/**
 * When sessions were last used, without a write per request: what a minute's requests touched is
 * written together, unless less than a minute ago is stored. A node that is killed forgets its last minute.
 */
@Injectable()
export class ActivityService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ActivityService.name);
  private touched = new Set<string>();
  private stopFlushing?: () => void;

  constructor(
    @InjectRepository(Session, TANDEM) private readonly sessions: Repository<Session>,
    private readonly clock: Clock,
  ) {}

  touch(sessionId: string): void {
    this.touched.add(sessionId);
  }

  onApplicationBootstrap(): void {
    this.stopFlushing = repeat(() => this.flush(), FLUSH_MILLISECONDS);
  }

  /** The connections are still open: the modules that hold them are shut down after this one. */
  async onApplicationShutdown(): Promise<void> {
    this.stopFlushing?.();
    await this.flush();
  }

  async flush(): Promise<void> {
    const ids = [...this.touched];
    this.touched = new Set();
    const lastUsedAt = this.clock.date();
    const stored = LessThan(new Date(lastUsedAt.getTime() - STORED_MILLISECONDS));
    try {
      for (let from = 0; from < ids.length; from += BATCH) {
        const id = In(ids.slice(from, from + BATCH));
        await this.sessions.update({ id, lastUsedAt: stored }, { lastUsedAt });
      }
    } catch (error) {
      this.logger.warn(error, 'The last use of sessions could not be written');
      for (const id of ids) this.touched.add(id);
    }
  }
}

/**
 * Matches the `last_used_at` of sessions that are not idle; undefined without an idle timeout of
 * `seconds`. Allows for two minutes of use that are not written.
 */
export function lastUseWithin(seconds: number | undefined, now: Date) {
  if (seconds === undefined) return undefined;
  return MoreThan(new Date(now.getTime() - seconds * 1000 - LAG_MILLISECONDS));
}
