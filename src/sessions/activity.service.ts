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
import { Session } from './session.entity';

/** How far the stored time of the last use may lag behind. */
const FLUSH_MILLISECONDS = 60_000;

/**
 * When sessions were last used, without a write per request: what a minute's requests touched is
 * written together. A node that is killed forgets its last minute.
 */
@Injectable()
export class ActivityService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ActivityService.name);
  private touched = new Set<string>();
  private stopFlushing?: () => void;

  constructor(
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
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
    try {
      for (let from = 0; from < ids.length; from += BATCH) {
        const id = In(ids.slice(from, from + BATCH));
        await this.sessions.update({ id, lastUsedAt: LessThan(lastUsedAt) }, { lastUsedAt });
      }
    } catch (error) {
      this.logger.warn(error, 'The last use of sessions could not be written');
      for (const id of ids) this.touched.add(id);
    }
  }
}

/**
 * Matches the `last_used_at` of sessions that are not idle; undefined without an idle timeout of
 * `seconds`. Allows for the last minute, which may not be written yet.
 */
export function lastUseWithin(seconds: number | undefined, now: Date) {
  if (seconds === undefined) return undefined;
  return MoreThan(new Date(now.getTime() - seconds * 1000 - FLUSH_MILLISECONDS));
}
