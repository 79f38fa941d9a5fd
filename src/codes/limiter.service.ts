import { Inject, Injectable, Optional } from '@nestjs/common';
import { Clock } from '../common/clock';
import { ApiException, type LimitKind, tooMany } from '../common/errors';
import { KeyRing } from '../config/key-ring';
import { REDIS, type RedisClient } from '../storage/redis.service';
import type { Count, Counters } from './counters';
import { digestBy } from './digest';
import { LIMIT_TABLE, type LimitName, type Limits } from './limits';
import { LocalCounters } from './local-counters';
import { RedisCounters, type SharedCount } from './redis-counters';

/**
 * The bucket to charge of each limit that a request falls under. With several, from narrow to broad as {@link networksOf}
 * tells them, each may take {@link LEVEL_FACTOR} times as many points as the one before.
 */
export type Charges = Partial<Record<LimitName, string | readonly string[]>>;

/** How many times the points of a network the next broader one has. */
const LEVEL_FACTOR = 4;

/** Gives what was charged back, or a part of it. Never fails: what cannot be given back runs out by itself. */
export type Refund = (part?: Charges) => Promise<void>;

/** How full a bucket is. */
export interface Usage {
  readonly name: LimitName;
  readonly bucket: string;
  readonly used: number;
  readonly points: number;
  /** Until it has a point again; 0 when it has one. */
  readonly waitSeconds: number;
}

/** Counts against the limits: in Redis for all nodes, in this process when there is none or it is away. */
@Injectable()
export class LimiterService {
  private readonly local: Counters;
  private readonly shared?: RedisCounters;

  constructor(
    @Inject(LIMIT_TABLE) private readonly limits: Limits,
    clock: Clock,
    keys: KeyRing,
    @Optional() @Inject(REDIS) redis?: RedisClient,
  ) {
    this.local = new LocalCounters(clock);
    if (redis) this.shared = new RedisCounters(redis, digestBy(keys));
  }

  /**
   * Takes one point from each limit before the outcome is known, so that parallel requests cannot pass
   * together where one may.
   *
   * @throws ApiException `TOO_MANY_REQUESTS` with the longest wait, and nothing taken.
   */
  async take(charges: Charges): Promise<Refund> {
    const { waits, refund } = await this.attempt(charges);
    if (!isFree(waits)) throw this.refusal(charges, waits);
    return refund;
  }

  /** Like {@link take}, but null when a limit has no point left. */
  async takeIfLeft(charges: Charges): Promise<Refund | null> {
    const { waits, refund } = await this.attempt(charges);
    return isFree(waits) ? refund : null;
  }

  /** @throws ApiException `TOO_MANY_REQUESTS` when {@link take} would; takes nothing. */
  async check(charges: Charges): Promise<void> {
    const waits = await this.waitsOf(charges);
    if (!isFree(waits)) throw this.refusal(charges, waits);
  }

  /** Seconds until all of these limits have a point again. */
  async nextWait(charges: Charges): Promise<number> {
    const waits = await this.waitsOf(charges);
    return isFree(waits) ? 0 : this.longestWait(charges, waits).seconds;
  }

  /** Gives back what an earlier call took, or a script from {@link sharedCounts}. */
  async giveBack(charges: Charges): Promise<void> {
    const counters = this.shared ?? this.local;
    await counters.giveBack(this.countsOf(charges)).catch(() => undefined);
  }

  /** Begins the windows anew, wherever they are counted. */
  async reset(charges: Charges): Promise<void> {
    const counts = this.countsOf(charges);
    // What Redis has counted is not in force while it is away.
    await Promise.allSettled([this.local.reset(counts), this.shared?.reset(counts)]);
  }

  /** What all nodes have counted. @throws when there is no Redis, or it is away. */
  async usageOf(charges: Charges): Promise<Usage[]> {
    const counts = this.countsOf(charges);
    const used = await this.shared!.used(counts);
    const waits = await this.shared!.waits(counts);
    return counts.map(({ name, bucket, points }, index) => {
      const waitSeconds = Math.ceil(waits[index]! / 1000);
      return { name, bucket, used: used[index]!, points, waitSeconds };
    });
  }

  /** Where Redis counts for these limits, for scripts that count there themselves. */
  sharedCounts(charges: Charges): SharedCount[] {
    return this.countsOf(charges).map((count) => this.shared!.sharedCountOf(count));
  }

  /** @param waits in milliseconds, for each limit; 0 when it has a point left. */
  refusal(charges: Charges, waits: number[]): ApiException {
    const { kind, subject, seconds } = this.longestWait(charges, waits);
    return new ApiException('TOO_MANY_REQUESTS', tooMany(kind, subject, seconds));
  }

  /** As if a limit were used up so long that what refuses instead does not show. */
  refusalAs(name: LimitName, milliseconds: number): ApiException {
    return this.refusal({ [name]: '' }, [milliseconds % (this.limits[name].window * 1000)]);
  }

  private async attempt(charges: Charges): Promise<{ waits: number[]; refund: Refund }> {
    const counts = this.countsOf(charges);
    const takenFrom = (counters: Counters, waits: number[]) => ({
      waits,
      refund: (part = charges) => counters.giveBack(this.countsOf(part)).catch(() => undefined),
    });
    if (counts.length === 0) return takenFrom(this.local, []);
    try {
      if (this.shared) return takenFrom(this.shared, await this.shared.take(counts));
    } catch {
      // Redis is away, full or read-only.
    }
    return takenFrom(this.local, await this.local.take(this.localCounts(counts)));
  }

  private async waitsOf(charges: Charges): Promise<number[]> {
    const counts = this.countsOf(charges);
    try {
      if (this.shared) return await this.shared.waits(counts);
    } catch {
      // Redis is away.
    }
    return this.local.waits(this.localCounts(counts));
  }

  private countsOf(charges: Charges): Count[] {
    return namesOf(charges).flatMap((name) => {
      const { points, window: windowSeconds, kind } = this.limits[name];
      const whenFull = kind === 'number' ? 'refuse' : 'forget';
      return [charges[name]!].flat().map((bucket, level) => {
        return { name, bucket, points: points * LEVEL_FACTOR ** level, windowSeconds, whenFull };
      });
    });
  }

  /** During an outage of Redis each node counts for itself, so each allows half. */
  private localCounts(counts: Count[]): Count[] {
    if (!this.shared) return counts;
    return counts.map((count) => ({ ...count, points: Math.ceil(count.points / 2) }));
  }

  /** Never below a second or beyond the window, also when the clock that counts was set meanwhile. */
  private longestWait(charges: Charges, waits: number[]): Wait {
    const longest = Math.max(...waits);
    const { name } = this.countsOf(charges)[waits.indexOf(longest)]!;
    const { subject, kind, window } = this.limits[name];
    const seconds = Math.min(Math.max(1, Math.ceil(longest / 1000)), window);
    return { subject, kind, seconds };
  }
}

interface Wait {
  readonly subject: string;
  readonly kind: LimitKind;
  readonly seconds: number;
}

const namesOf = (charges: Charges) => Object.keys(charges) as LimitName[];

const isFree = (waits: number[]) => waits.every((wait) => wait === 0);
