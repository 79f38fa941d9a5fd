import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Env } from '../config/env';
import { HeartbeatService } from '../storage/heartbeat.service';
import { TANDEM } from '../storage/tandem';
import { Session } from './session.entity';

const PAGE_SIZE = 1000;
/**
 * How long after its `ended_at` the end of a session may be committed: longer than MySQL lets a statement wait
 * for a lock (50 s by default), also after its client has timed out.
 */
const LATE_COMMIT_MS = 60_000;
/** By how much the database clock may be set while access tokens are valid. */
export const MAX_CLOCK_JUMP_MS = 65 * 60_000;

export interface EndedSession {
  readonly id: string;
  readonly endedAt: Date;
}

interface Page {
  readonly ended: EndedSession[];
  readonly cursor: string;
  readonly more: boolean;
}

/**
 * Ended sessions in pages, in the order of their ends. A cursor is when its reader began to read, in
 * epoch milliseconds of the database; with more to come, the last session of the page follows. The
 * next reading goes over the last seconds before the one before, so that nothing committed late is missed.
 *
 * Those that expired are among them: a clock that is set back makes their access tokens valid again, and a
 * logout, which finds them ended, tells nobody.
 */
@Injectable()
export class RevocationFeedService {
  constructor(
    @InjectRepository(Session, TANDEM) private readonly sessions: Repository<Session>,
    private readonly env: Env,
    private readonly heartbeat: HeartbeatService,
  ) {}

  /** @throws ApiException `UNAVAILABLE` until this node has read the database's time. */
  async read(cursor?: string): Promise<Page> {
    const [begun, time, id] = cursor?.split('-') ?? [];
    if (begun && time && id) return this.page(begun, time, id);
    const now = this.heartbeat.now();
    const oldest = now - this.env.ACCESS_TOKEN_TTL * 1000 - MAX_CLOCK_JUMP_MS;
    // The database's clock may have been set back since: then sessions end before the cursor.
    const since = Math.min(begun ? Number(begun) : oldest, now);
    return this.page(String(now), String(since - LATE_COMMIT_MS), '0');
  }

  private async page(begun: string, time: string, id: string): Promise<Page> {
    const ended = await this.endedAfter(time, id);
    const last = ended.at(-1);
    return ended.length < PAGE_SIZE
      ? { ended, cursor: begun, more: false }
      : { ended, cursor: `${begun}-${last!.endedAt.getTime()}-${last!.id}`, more: true };
  }

  /** Raw rows: entities would take five times as long, twice a second on every node. */
  private async endedAfter(time: string, id: string): Promise<EndedSession[]> {
    const rows = await this.sessions
      .createQueryBuilder('session')
      .select(['session.id AS id', 'session.ended_at AS ended_at'])
      .where('session.ended_at >= :time', { time })
      .andWhere('(session.ended_at > :time OR session.id > :id)', { id })
      .orderBy({ 'session.endedAt': 'ASC', 'session.id': 'ASC' })
      .limit(PAGE_SIZE)
      .getRawMany<{ id: unknown; ended_at: unknown }>();
    return rows.map((row) => ({ id: String(row.id), endedAt: new Date(Number(row.ended_at)) }));
  }
}
