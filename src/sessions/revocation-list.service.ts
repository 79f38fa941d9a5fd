import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { HeartbeatService } from '../storage/heartbeat.service';
import { MAX_CLOCK_JUMP_MS, RevocationFeedService } from './revocation-feed.service';

/**
 * The sessions that ended within the lifetime of an access token, in memory, so that a guarded
 * request learns of a logout on any node without a network call. SQL is the truth: each node reads on in the
 * {@link RevocationFeedService} after every {@link HeartbeatService heartbeat}, and so by the database's time. When SQL is
 * away the last known list holds, and whatever clock is set, by an hour or less, none of them is forgotten while a token
 * of theirs may be valid.
 *
 * Memory: 70 MB per million sessions.
 */
@Injectable()
export class RevocationListService {
  /** Session ids, and until when to keep each: in whole seconds, which V8 stores unboxed. */
  private readonly ended = new Map<string, number>();
  private cursor?: string;
  private readAt?: number;

  constructor(
    private readonly clock: Clock,
    private readonly feed: RevocationFeedService,
    private readonly env: Env,
    heartbeat: HeartbeatService,
  ) {
    heartbeat.follow(() => this.poll());
  }

  /** Milliseconds since the list was last known to be complete; Infinity until it was read once. */
  get age(): number {
    return this.readAt === undefined ? Infinity : this.clock.elapsed() - this.readAt;
  }

  /** @throws ApiException `UNAVAILABLE` while this node has never read the time and which sessions have ended. */
  assertRead(): void {
    if (this.readAt === undefined) throw new ApiException('UNAVAILABLE');
  }

  has(sessionId: string): boolean {
    return this.ended.has(sessionId);
  }

  add(sessionId: string): void {
    if (this.ended.has(sessionId)) return;
    const kept = this.env.ACCESS_TOKEN_TTL * 1000 + MAX_CLOCK_JUMP_MS;
    this.ended.set(sessionId, Math.ceil((this.clock.elapsed() + kept) / 1000));
  }

  private async poll(): Promise<void> {
    const startedAt = this.clock.elapsed();
    await this.readOn();
    this.readAt = startedAt;
    this.forget(startedAt);
  }

  /** In pages: a million rows in one statement would miss its deadline. */
  private async readOn(): Promise<void> {
    for (let more = true; more;) {
      const page = await this.feed.read(this.cursor);
      for (const { id } of page.ended) this.add(id);
      [this.cursor, more] = [page.cursor, page.more];
    }
  }

  /** Drops the sessions whose access tokens have all expired. */
  private forget(now: number): void {
    const seconds = Math.floor(now / 1000);
    for (const [id, until] of this.ended) {
      // Oldest first: a map keeps the order of insertion.
      if (until > seconds) return;
      this.ended.delete(id);
    }
  }
}
