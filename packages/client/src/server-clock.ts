import type { Environment } from './environment.ts';

/** A step of the device's clock that is more than two readings apart. */
const NOTICEABLE_MS = 2000;

/**
 * The time of the server. What the device's own clock shows is never compared with it: people set that by hours and
 * years. It runs on the monotonic clock, from the `Date` of the newest answer, or until there is one from the offset
 * that was measured before the page was loaded.
 */
export class ServerClock {
  /** Epoch milliseconds when the monotonic clock was at zero. */
  private epoch: number;
  private lastWall: number;
  private lastMonotonic: number;
  private heard = false;

  /** @param offset of an earlier {@link offset}. */
  constructor(
    private readonly device: Pick<Environment, 'monotonic' | 'wall'>,
    offset = 0,
  ) {
    this.lastWall = device.wall();
    this.lastMonotonic = device.monotonic();
    this.epoch = this.lastWall + offset - this.lastMonotonic;
  }

  /** Epoch milliseconds: never ahead of the server once it {@link isMeasured}, behind it by the way of an answer. */
  now(): number {
    this.noticeSleep();
    return this.epoch + this.lastMonotonic;
  }

  /** Whether an answer has told the time since the page was loaded or the device slept. */
  get isMeasured(): boolean {
    this.noticeSleep();
    return this.heard;
  }

  /** How far the server's clock is ahead of the device's, for the next page. */
  get offset(): number {
    return this.now() - this.lastWall;
  }

  /** @param date the header of an answer that has just come; null where CORS hides it: then the estimate has to do. */
  hear(date: string | null): void {
    const time = date === null ? Number.NaN : Date.parse(date);
    this.noticeSleep();
    if (time > 0) this.epoch = time - this.lastMonotonic;
    this.heard = true;
  }

  /** An offset of an earlier page, while nothing better is known. */
  assume(offset: number): void {
    this.noticeSleep();
    if (!this.heard) this.epoch = this.lastWall + offset - this.lastMonotonic;
  }

  /** Some monotonic clocks stand still in sleep: what the other one went ahead is taken for sleep until an answer comes. */
  private noticeSleep(): void {
    const [wall, monotonic] = [this.device.wall(), this.device.monotonic()];
    const slept = wall - this.lastWall - (monotonic - this.lastMonotonic);
    if (Math.abs(slept) > NOTICEABLE_MS) this.heard = false;
    if (slept > NOTICEABLE_MS) this.epoch += slept;
    [this.lastWall, this.lastMonotonic] = [wall, monotonic];
  }
}
