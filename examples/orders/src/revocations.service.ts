import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Settings } from './settings';

const POLL_MILLISECONDS = 1000;
/** Longer than any access token of Tandem lives. */
const KEPT_MILLISECONDS = 25 * 3_600_000;

interface Page {
  revocations: { sid: string; ended_at: string }[];
  cursor: string;
  more: boolean;
}

/** The sessions that have ended at Tandem, as far as their access tokens may still be around. */
@Injectable()
export class RevocationsService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(RevocationsService.name);
  /** Session ids, and when each ended. */
  private readonly ended = new Map<string, number>();
  /** False until the list was read once, in full. */
  isLoaded = false;
  private cursor?: string;
  private polling?: NodeJS.Timeout;

  constructor(private readonly settings: Settings) {}

  has(sessionId: unknown): boolean {
    return this.ended.has(String(sessionId));
  }

  async onModuleInit(): Promise<void> {
    await this.poll();
    this.schedule();
  }

  onModuleDestroy(): void {
    clearTimeout(this.polling);
    this.polling = undefined;
  }

  private schedule(): void {
    this.polling = setTimeout(async () => {
      await this.poll();
      if (this.polling) this.schedule();
    }, POLL_MILLISECONDS);
  }

  private async poll(): Promise<void> {
    try {
      while (await this.readPage());
      this.isLoaded = true;
      this.forget();
    } catch (error) {
      this.logger.error(error);
    }
  }

  private async readPage(): Promise<boolean> {
    const url = new URL('/auth/revocations', this.settings.tandemUrl);
    if (this.cursor) url.searchParams.set('after', this.cursor);
    const credentials = Buffer.from(this.settings.client).toString('base64');
    const response = await fetch(url, {
      headers: { authorization: `Basic ${credentials}` },
      signal: AbortSignal.timeout(POLL_MILLISECONDS),
    });
    if (!response.ok) throw new Error(`Tandem answered ${response.status}.`);
    const { revocations, cursor, more } = (await response.json()) as Page;
    for (const { sid, ended_at } of revocations) this.ended.set(sid, Date.parse(ended_at));
    this.cursor = cursor;
    return more;
  }

  private forget(): void {
    const oldest = Date.now() - KEPT_MILLISECONDS;
    for (const [sid, endedAt] of this.ended) if (endedAt < oldest) this.ended.delete(sid);
  }
}
