import { Inject, Injectable, Optional } from '@nestjs/common';
import { Clock } from '../common/clock';
import { ApiException, tooMany } from '../common/errors';
import type { RefusalReason } from '../common/refusal-reasons';
import { KeyRing } from '../config/key-ring';
import { REDIS, type RedisClient } from '../storage/redis.service';
import { areAny, type Charges, chargesOf } from './charges';
import type { Count, Counters, Taken } from './counters';
import { digestBy } from './digest';
import type { Limited } from './limited';
import { type Empty, LIMIT_TABLE, type LimitName, type Limits, MEANINGS } from './limits';
import { LocalCounters } from './local-counters';
import { RedisCounters, type SharedCount } from './redis-counters';

/** How many times the points of a network the next broader one has. */
const LEVEL_FACTOR = 4;

/** Gives what was charged back, or a part of it. Never fails: what cannot be given back runs out by itself. */
export type Refund = (part?: Charges) => Promise<void>;

/** By limit, the milliseconds until it has a point again; those that have one are left out. */
export type Waits = Partial<Record<LimitName, number>>;

/** What an attempt to take points came to. */
export interface Taking {
  /** Empty when they were taken. */
  readonly waits: Waits;
  readonly refund: Refund;
  /** Seconds until what was taken from, or these of it, have a point again. */
  nextWait(of?: Charges): number;
}

/** How full a bucket is. */
export interface Usage {
  readonly name: LimitName;
  readonly bucket: string;
  readonly used: number;
  readonly points: number;
  /** Until it has a point again; 0 when it has one. */
  readonly waitSeconds: number;
}

/** With what it means when it is used up. */
export interface Explained extends Usage {
  readonly empty: Empty;
}

/** Counts against the limits: in Redis for all nodes, in this process when there is none or it is away. */
@Injectable()
export class LimiterService {
  private readonly local: Counters;
  private readonly shared?: RedisCounters;

  constructor(
    @Inject(LIMIT_TABLE) private readonly limits: Limits,
    private readonly clock: Clock,
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
    if (areAny(waits)) throw this.refusal(waits);
    return refund;
  }

  /** Like {@link take}, but null when a limit has no point left. */
  async takeIfLeft(charges: Charges): Promise<Refund | null> {
    const { waits, refund } = await this.attempt(charges);
    return areAny(waits) ? null : refund;
  }

  /** Takes from all of them or none, in one call, and from none when one of `unless` has no point left either. */
  async attempt(charges: Charges, unless: Charges = {}): Promise<Taking> {
    const [counts, others] = [this.countsOf(charges), this.countsOf(unless)];
    const takenFrom = (counters: Counters, { waits, next }: Taken): Taking => {
      const takenAt = this.clock.elapsed();
      return {
        waits: this.waitsBy([...counts, ...others], waits),
        refund: (part = charges) => counters.giveBack(this.countsOf(part)).catch(() => undefined),
        nextWait: (of = charges) => {
          const since = this.clock.elapsed() - takenAt;
          const isMeant = ({ name }: Count) => of[name] !== undefined;
          const left = next.map((wait, index) => (isMeant(counts[index]!) ? wait - since : 0));
          return this.secondsOf(this.waitsBy(counts, left));
        },
      };
    };
    if (counts.length + others.length === 0) return takenFrom(this.local, { waits: [], next: [] });
    try {
      if (this.shared) return takenFrom(this.shared, await this.shared.take(counts, others));
    } catch {
      // Redis is away, full or read-only.
    }
    const local = [this.localCounts(counts), this.localCounts(others)] as const;
    return takenFrom(this.local, await this.local.take(...local));
  }

  /** @throws ApiException `TOO_MANY_REQUESTS` when {@link take} would; takes nothing. */
  async check(charges: Charges): Promise<void> {
    const waits = await this.waits(charges);
    if (areAny(waits)) throw this.refusal(waits);
  }

  async isSpent(charges: Charges): Promise<boolean> {
    return areAny(await this.waits(charges));
  }

  /** Seconds until all of these limits have a point again. */
  async nextWait(charges: Charges): Promise<number> {
    return this.secondsOf(await this.waits(charges));
  }

  /** Which of these limits have no point left. */
  async waits(charges: Charges): Promise<Waits> {
    const counts = this.countsOf(charges);
    try {
      if (this.shared) return this.waitsBy(counts, await this.shared.waits(counts));
    } catch {
      // Redis is away.
    }
    return this.waitsBy(counts, await this.local.waits(this.localCounts(counts)));
  }

  /**
   * Gives back what an earlier call took, or a script from {@link sharedCounts}.
   *
   * @param anew what begins anew, in the same call, as by {@link reset}.
   */
  async giveBack(charges: Charges, anew: Charges = {}): Promise<void> {
    const counts = this.countsOf(anew);
    if (this.shared) await this.local.reset(counts);
    const counters = this.shared ?? this.local;
    await counters.giveBack(this.countsOf(charges), counts).catch(() => undefined);
  }

  /** Begins the windows anew, wherever they are counted. */
  async reset(charges: Charges): Promise<void> {
    const counts = this.countsOf(charges);
    // What Redis has counted is not in force while it is away.
    await Promise.allSettled([this.local.reset(counts), this.shared?.reset(counts)]);
  }

  /** Why a request is refused, or will be: all that it falls under, and what each means when it is empty. Takes nothing. */
  async explain(request: Limited): Promise<Explained[]> {
    const meant = MEANINGS.map(async (empty) => {
      const usages = await this.usageOf(chargesOf(request, { empty }));
      return usages.map((usage) => ({ ...usage, empty }));
    });
    return (await Promise.all(meant)).flat();
  }

  /** What all nodes have counted; without Redis, this one. @throws when Redis is away. */
  async usageOf(charges: Charges): Promise<Usage[]> {
    const counts = this.countsOf(charges);
    const counters = this.shared ?? this.local;
    const [used, waits] = [await counters.used(counts), await counters.waits(counts)];
    return counts.map(({ name, bucket, points }, index) => {
      const waitSeconds = Math.ceil(waits[index]! / 1000);
      return { name, bucket, used: used[index]!, points, waitSeconds };
    });
  }

  /** Where Redis counts for these limits, for scripts that count there themselves. */
  sharedCounts(charges: Charges): SharedCount[] {
    return this.countsOf(charges).map((count) => this.shared!.sharedCountOf(count));
  }

  /** Of what scripts answer for {@link sharedCounts}, in their order. */
  waitsOf(charges: Charges, waits: readonly number[]): Waits {
    return this.waitsBy(this.countsOf(charges), waits);
  }

  /** @param waits one at least. */
  refusal(waits: Waits, reason?: RefusalReason): ApiException {
    const { kind, subject } = this.limits[longestOf(waits)];
    const options = tooMany(kind, subject, this.secondsOf(waits));
    return new ApiException('TOO_MANY_REQUESTS', { ...options, reason });
  }

  /** As if a limit were used up so long that what refuses instead does not show. */
  refusalAs(name: LimitName, milliseconds: number): ApiException {
    const wait = milliseconds % (this.limits[name].window * 1000);
    return this.refusal({ [name]: wait }, 'blocked');
  }

  /** Of the longest: never below a second or beyond the window, also when the clock that counts was set meanwhile. */
  secondsOf(waits: Waits): number {
    if (!areAny(waits)) return 0;
    const name = longestOf(waits);
    return Math.min(Math.max(1, Math.ceil(waits[name]! / 1000)), this.limits[name].window);
  }

  /** The longest of each limit, of whose buckets several may be counted. */
  private waitsBy(counts: readonly Count[], waits: readonly number[]): Waits {
    const longest: Waits = {};
    for (const [index, { name }] of counts.entries()) {
      const wait = waits[index] ?? 0;
      if (wait > (longest[name] ?? 0)) longest[name] = wait;
    }
    return longest;
  }

  private countsOf(charges: Charges): Count[] {
    return namesOf(charges).flatMap((name) => {
      const { points, window: windowSeconds, kind } = this.limits[name];
      const whenFull = kind === 'number' ? 'refuse' : 'forget';
      return [charges[name]!].flat().flatMap((bucket, level) => {
        if (bucket === null) return [];
        return { name, bucket, points: points * LEVEL_FACTOR ** level, windowSeconds, whenFull };
      });
    });
  }

  /** During an outage of Redis each node counts for itself, so each allows half. */
  private localCounts(counts: Count[]): Count[] {
    if (!this.shared) return counts;
    return counts.map((count) => ({ ...count, points: Math.ceil(count.points / 2) }));
  }
}

const namesOf = (of: Charges | Waits) => Object.keys(of) as LimitName[];

const longestOf = (waits: Waits): LimitName =>
  namesOf(waits).reduce((one, other) => (waits[other]! > waits[one]! ? other : one));
