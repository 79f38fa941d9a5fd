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

/** In milliseconds. */
export interface Taken {
  /** For each count, then for each that it was not taken unless: until it has a point again; 0 where it had one. */
  readonly waits: number[];
  /** For each count of which a point was taken: until it has another one; 0 where it has. */
  readonly next: number[];
}

/**
 * Where points are counted: from zero to the limit, whatever is refused or given back. A window begins with the first
 * point that stays taken. Each operation is atomic for every single count.
 */
export interface Counters {
  /**
   * Takes a point of each count, or of none when one of them has no point left, or one of `unless`, of which none is taken.
   */
  take(counts: readonly Count[], unless?: readonly Count[]): Promise<Taken>;

  /** {@link Taken.waits}, with nothing taken. */
  waits(counts: readonly Count[]): Promise<number[]>;

  /** How many points each window has given. */
  used(counts: readonly Count[]): Promise<number[]>;

  /**
   * Adds nothing to a window that has begun since.
   *
   * @param anew counts whose windows begin anew, in the same call.
   */
  giveBack(counts: readonly Count[], anew?: readonly Count[]): Promise<void>;

  /** Begins the windows anew. */
  reset(counts: readonly Count[]): Promise<void>;
}
