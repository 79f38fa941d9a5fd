import { Readable } from 'node:stream';
import type { Clock } from '../common/clock';
import { RedactingLogger } from '../common/redacting-logger';
import type { Operator } from './operator';

/** Bytes that may wait for a client to take them, before the last page. */
const MOST_WAITING = 64 * 1024;
/** A client that takes nothing of what waits for so long is dropped. */
const STALLED_MS = 10_000;
/** Proxies close a connection on which nothing happens, some after half a minute. */
const HEARTBEAT_MS = 15_000;
/** Readers of lines pass over an empty one. */
const HEARTBEAT = '\n';

export interface EventPage {
  /** A line for each event. */
  readonly lines: Buffer;
  /** The place of the last one, or of the one before where there are none. */
  readonly last: string;
  readonly isFull: boolean;
}

export interface Following {
  readonly operator: Operator;
  /** The place behind which it begins. */
  after: string;
  /** In milliseconds of {@link Clock.elapsed}. */
  endsAt: number;
}

/** The events for one client, who gets them as fast as they take them: nothing is read for whoever does not. */
export class EventStream extends Readable {
  private readonly logger = new RedactingLogger(EventStream.name);
  private hasMore = false;
  private isBusy = false;
  private isWanted = true;
  private sentAt = -Infinity;
  private takenAt: number;

  constructor(
    private readonly following: Following,
    private readonly pageAfter: (position: string) => Promise<EventPage>,
    private readonly clock: Clock,
  ) {
    super({ highWaterMark: MOST_WAITING });
    this.takenAt = clock.elapsed();
  }

  get operator(): Operator {
    return this.following.operator;
  }

  get endsAt(): number {
    return this.following.endsAt;
  }

  /** Sends the first part, which is empty where there is nothing to tell. */
  begin(): Promise<void> {
    return this.send();
  }

  /** To be called every second: sends what has come since, and ends what is over or not read. */
  look(): void {
    if (this.readableLength === 0) this.takenAt = this.clock.elapsed();
    // With an error: Express would leave the answer open otherwise.
    if (this.clock.elapsed() - this.takenAt >= STALLED_MS) this.destroy(new Error('not read'));
    else if (this.isOver) this.finish();
    else if (this.isWanted) this.goOn();
  }

  /** The client can go on behind the last event that it got. */
  finish(): void {
    this.following.endsAt = -Infinity;
    if (!this.isBusy) this.push(null);
  }

  override _read(): void {
    if (!this.isWanted) [this.isWanted, this.takenAt] = [true, this.clock.elapsed()];
    if (this.hasMore && !this.isOver) this.goOn();
  }

  private goOn(): void {
    this.send().catch((error: unknown) => {
      this.logger.error(error, 'A stream of events ended');
      this.finish();
    });
  }

  private async send(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      do await this.sendPage();
      while (this.hasMore && this.isWanted && !this.isOver);
    } finally {
      this.isBusy = false;
    }
    if (this.isOver) this.finish();
  }

  private async sendPage(): Promise<void> {
    const { lines, last, isFull } = await this.pageAfter(this.following.after);
    [this.following.after, this.hasMore] = [last, isFull];
    if (lines.length > 0) this.give(lines);
    else if (this.clock.elapsed() - this.sentAt >= HEARTBEAT_MS) this.give(HEARTBEAT);
  }

  private give(part: Buffer | string): void {
    if (this.destroyed) return;
    [this.isWanted, this.sentAt] = [false, this.clock.elapsed()];
    if (this.push(part)) this.isWanted = true;
  }

  private get isOver(): boolean {
    return this.destroyed || this.clock.elapsed() >= this.following.endsAt;
  }
}
