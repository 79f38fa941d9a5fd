import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { repeat } from '../common/repeat';
import { Env } from '../config/env';
import { RevocationFeed } from './revocation-feed.service';

const POLL_MILLISECONDS = 500;
/** How far the clocks of this node and of the database may differ. */
const MAX_SKEW_MILLISECONDS = 10 * 60_000;

/**
 * The sessions that ended within the lifetime of an access token, in memory, so that a guarded
 * request learns of a logout on any node without a network call. SQL is the truth: each node follows
 * the {@link RevocationFeed}, which goes by the one clock of the database, so that nodes may disagree
 * about the time. When SQL is away the last known list holds.
 *
 * Memory: 70 MB per million sessions.
 */
@Injectable()
export class RevocationList implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(RevocationList.name);
  /** Session ids, and until when to keep each: whole seconds since `origin`, which V8 stores unboxed. */
  private readonly ended = new Map<string, number>();
  private readonly origin = Date.now();
  private cursor: string;
  private readAt?: number;
  private stopPolling?: () => void;
  private isFailing = false;

  constructor(
    private readonly feed: RevocationFeed,
    private readonly env: Env,
  ) {
    this.cursor = String(Date.now() - this.env.ACCESS_TOKEN_TTL * 1000 - MAX_SKEW_MILLISECONDS);
  }

  /** Milliseconds since the list was last known to be complete; Infinity until it was read once. */
  get age(): number {
    return this.readAt === undefined ? Infinity : Date.now() - this.readAt;
  }

  has(sessionId: string): boolean {
    return this.ended.has(sessionId);
  }

  add(sessionId: string): void {
    if (this.ended.has(sessionId)) return;
    const kept =
      Date.now() - this.origin + this.env.ACCESS_TOKEN_TTL * 1000 + MAX_SKEW_MILLISECONDS;
    this.ended.set(sessionId, Math.ceil(kept / 1000));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.poll();
    this.stopPolling = repeat(() => this.poll(), POLL_MILLISECONDS);
  }

  onApplicationShutdown(): void {
    this.stopPolling?.();
  }

  private async poll(): Promise<void> {
    try {
      const startedAt = Date.now();
      await this.readOn();
      this.readAt = startedAt;
      this.forget(startedAt);
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.error(error, 'Ended sessions cannot be read');
      this.isFailing = true;
    }
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
    const seconds = Math.floor((now - this.origin) / 1000);
    for (const [id, until] of this.ended) {
      // Oldest first: a map keeps the order of insertion.
      if (until > seconds) return;
      this.ended.delete(id);
    }
  }
}
