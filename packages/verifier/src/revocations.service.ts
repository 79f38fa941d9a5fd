import {
  Inject,
  Injectable,
  Logger,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Settings } from './options';
import { Refusal } from './refusal';
import { TandemClient } from './tandem-client.service';

const MAX_BACKOFF_MS = 10_000;
/** For the clocks of Tandem and this node, and for what Tandem commits late. */
const MARGIN_SECONDS = 3600;

/**
 * The sessions that have ended at Tandem while their access tokens may still be around, in memory. When Tandem
 * is away the last known list holds, for `maxStaleness`.
 *
 * Memory: 70 MB per million sessions that end within `accessTokenTtl` and an hour.
 */
@Injectable()
export class Revocations implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('TandemVerifier');
  /** Session ids, and until when to keep each: whole seconds of the process, which V8 stores unboxed. */
  private readonly ended = new Map<string, number>();
  private readonly stopping = new AbortController();
  private position: { cursor?: string; etag?: string } = {};
  private readAt?: number;
  private failures = 0;
  private polling?: NodeJS.Timeout;

  constructor(
    @Inject(TandemClient) private readonly tandem: TandemClient,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  /** Seconds since the list was last known to be complete; Infinity until it was read once. */
  get age(): number {
    return this.readAt === undefined ? Infinity : (performance.now() - this.readAt) / 1000;
  }

  /** @throws HttpException 503 until the list was read once in full, and when it is older than `maxStaleness`. */
  assertKnown(): void {
    const { maxStaleness } = this.settings.options;
    if (this.readAt === undefined || this.age > maxStaleness) throw new Refusal('UNAVAILABLE');
  }

  has(sessionId: string): boolean {
    return this.ended.has(sessionId);
  }

  /** One attempt: the service starts without Tandem, too. */
  async onModuleInit(): Promise<void> {
    await this.poll();
  }

  onModuleDestroy(): void {
    this.stopping.abort();
    clearTimeout(this.polling);
  }

  private async poll(): Promise<void> {
    const startedAt = performance.now();
    try {
      await this.readOn();
      this.readAt = startedAt;
      this.forget(startedAt / 1000);
      if (this.failures > 0) this.logger.log('Ended sessions can be read again');
      this.failures = 0;
    } catch (error) {
      this.noteFailure(error);
    }
    if (this.stopping.signal.aborted) return;
    this.polling = setTimeout(() => void this.poll(), this.pause()).unref();
  }

  private async readOn(): Promise<void> {
    for (let more = true; more;) {
      const page = await this.tandem.readRevocations(this.position, this.stopping.signal);
      if (!page) return;
      for (const { sid } of page.revocations) this.add(sid);
      this.position = { cursor: page.cursor, etag: page.etag };
      more = page.more;
    }
  }

  private add(sessionId: string): void {
    if (this.ended.has(sessionId)) return;
    const kept = this.settings.options.accessTokenTtl + MARGIN_SECONDS;
    this.ended.set(sessionId, Math.ceil(performance.now() / 1000 + kept));
  }

  /** Drops the sessions whose access tokens have all expired. */
  private forget(now: number): void {
    for (const [id, until] of this.ended) {
      // Oldest first: a map keeps the order of insertion.
      if (until > now) return;
      this.ended.delete(id);
    }
  }

  private noteFailure(error: unknown): void {
    if (this.stopping.signal.aborted) return;
    if (this.failures === 0) this.logger.error(`Ended sessions cannot be read: ${String(error)}`);
    this.failures++;
  }

  /** Milliseconds. Doubled by every failure, and spread, so that services do not all return at once. */
  private pause(): number {
    const interval = this.settings.options.pollInterval * 1000;
    if (this.failures === 0) return interval;
    const longest = Math.min(interval * 2 ** this.failures, Math.max(interval, MAX_BACKOFF_MS));
    return longest * (0.5 + Math.random() / 2);
  }
}
