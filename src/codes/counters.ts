import type { LimitName } from './limits';

/** One bucket under one limit. */
export interface Count {
  readonly name: LimitName;
  /** Who is counted: an address, a number, a device. */
  readonly bucket: string;
  readonly points: number;
  readonly windowSeconds: number;
  /** When there is no room for more: whether the oldest bucket is forgotten, or a new one refused. */
  readonly whenFull: 'forget' | 'refuse';
}

/**
 * Where points are counted: from zero to the limit, whatever is refused or given back. A window begins with the first
 * point that stays taken. Each operation is atomic for every single count.
 */
export interface Counters {
  /**
   * Takes a point of each count, or of none when one has no point left.
   *
   * @returns for each count the milliseconds until it has a point again; 0 where it had one.
   */
  take(counts: readonly Count[]): Promise<number[]>;

  /** What {@link take} would return, with nothing taken. */
  waits(counts: readonly Count[]): Promise<number[]>;

  /** Adds nothing to a window that has begun since. */
  giveBack(counts: readonly Count[]): Promise<void>;

  /** Begins the windows anew. */
  reset(counts: readonly Count[]): Promise<void>;
}
