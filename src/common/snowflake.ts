/** Milliseconds of 2020-01-01T00:00:00Z: 41 bits of time last until 2089. */
const EPOCH_MS = 1_577_836_800_000;
const WORKER_BITS = 10n;
const SEQUENCE_BITS = 12n;
const SEQUENCES = 1 << Number(SEQUENCE_BITS);

/** Whether a text may be an id, in its one spelling. MySQL would take `42nd` for 42, and SQLite `042`. */
export const isId = (text: string) => /^[1-9]\d{0,18}$/.test(text);

/** Above every id. */
export const MAX_ID = '9223372036854775807';

export const MAX_WORKER_ID = (1 << Number(WORKER_BITS)) - 1;

/**
 * 64-bit ids: 41 bits of milliseconds, 10 of worker, 12 of sequence. Within one generator they only
 * grow, also when the clock goes back or more than 4096 are asked for in one millisecond: time is
 * then borrowed from the future. Two generators on one worker id may collide; the primary key decides
 * and the insert retries, so the sequence starts at random to make that rare.
 */
export class Snowflake {
  private time = 0;
  private sequence = 0;

  constructor(
    private readonly workerId: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** The least that an id made at this moment, in epoch milliseconds, can be. */
  static firstOf(moment: number): string {
    const time = Math.max(0, Math.floor(moment) - EPOCH_MS);
    return (BigInt(time) << (WORKER_BITS + SEQUENCE_BITS)).toString();
  }

  /** When an id was made, in epoch milliseconds. */
  static momentOf(id: string): number {
    return Number(BigInt(id) >> (WORKER_BITS + SEQUENCE_BITS)) + EPOCH_MS;
  }

  /** How much ids grow in so many milliseconds. */
  static span(milliseconds: number): bigint {
    return BigInt(milliseconds) << (WORKER_BITS + SEQUENCE_BITS);
  }

  /** The least that an id can be which was made so many milliseconds before another one. */
  static before(id: string, milliseconds: number): string {
    const least = BigInt(id) - Snowflake.span(milliseconds);
    return (least > 0n ? least : 0n).toString();
  }

  next(): string {
    const now = this.now() - EPOCH_MS;
    if (now > this.time) {
      this.time = now;
      this.sequence = Math.floor((Math.random() * SEQUENCES) / 2);
    } else if (++this.sequence === SEQUENCES) {
      this.time += 1;
      this.sequence = 0;
    }
    const high = (BigInt(this.time) << WORKER_BITS) | BigInt(this.workerId);
    return ((high << SEQUENCE_BITS) | BigInt(this.sequence)).toString();
  }
}
