import { Inject, Injectable, Optional } from '@nestjs/common';
import { type RateLimiterAbstract, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiException, type LimitKind, tooMany } from '../common/errors';
import { REDIS, type RedisClient } from '../storage/redis.service';
import { LIMIT_TABLE, type LimitName, type Limits } from './limits';
import { LocalLimiter, localTakerOf } from './local-limiter';

/**
 * The library's script would also count what it refuses, go below zero for a late refund, and let the
 * window of a point that was given back run on.
 */
const COUNT = `
local count = tonumber(redis.call('GET', KEYS[1]) or 0) + tonumber(ARGV[1])
if count >= 0 and count <= tonumber(ARGV[3]) then
  redis.call('SET', KEYS[1], 0, 'EX', ARGV[2], 'NX')
  redis.call('INCRBY', KEYS[1], ARGV[1])
  if count == 0 then redis.call('DEL', KEYS[1]) end
end
return {count, redis.call('PTTL', KEYS[1])}`;

/** The bucket to charge of each limit that a request falls under, the broadest limit first. */
export type Charges = Partial<Record<LimitName, string>>;

/** Gives the points of one charge back. Never fails: what cannot be given back runs out by itself. */
export type Refund = () => Promise<void>;

/** Counts against the limits: in Redis for all nodes, in this process when there is none or it is away. */
@Injectable()
export class LimiterService {
  private readonly limiters: Record<LimitName, RateLimiterAbstract>;

  constructor(
    @Inject(LIMIT_TABLE) private readonly limits: Limits,
    @Optional() @Inject(REDIS) redis?: RedisClient,
  ) {
    const entries = Object.entries(limits).map(([name, limit]) => [
      name,
      redis ? shared(name, limit, redis) : local(name, limit),
    ]);
    this.limiters = Object.fromEntries(entries);
  }

  /**
   * Takes one point from each limit in their order, before the outcome is known, so that parallel
   * requests cannot pass together where one may. What an earlier limit refuses never holds a point
   * of a later one: an address that floods takes nothing from the numbers it names.
   *
   * @throws ApiException `TOO_MANY_REQUESTS` with the longest wait, and nothing taken.
   */
  async take(charges: Charges): Promise<Refund> {
    const outcome = await this.attempt(charges);
    if (typeof outcome === 'function') return outcome;
    throw tooManyIn((await this.nextWait(charges)) ?? outcome);
  }

  /** Gives back what was taken from counts in Redis, as {@link sharedCounts} names them. */
  async giveBack(charges: Charges): Promise<void> {
    const buckets = namesOf(charges).map((name) => this.limiters[name].reward(charges[name]!));
    await Promise.allSettled(buckets);
  }

  /** Where Redis counts for these limits, for scripts that count there themselves. */
  sharedCounts(charges: Charges): SharedCount[] {
    return namesOf(charges).map((name) => {
      const { points, window } = this.limits[name];
      return { key: this.limiters[name].getKey(charges[name]!), points, window };
    });
  }

  /** @param waits in milliseconds, for each limit; 0 when it has a point left. */
  refusal(charges: Charges, waits: number[]): ApiException {
    const refused = namesOf(charges).flatMap((name, index) =>
      waits[index]! > 0 ? [this.waitFor(name, waits[index]!)] : [],
    );
    return tooManyIn(longest(refused)!);
  }

  /** @throws ApiException `TOO_MANY_REQUESTS` when {@link take} would; takes nothing. */
  async check(charges: Charges): Promise<void> {
    const wait = await this.nextWait(charges);
    if (wait) throw tooManyIn(wait);
  }

  /** Like {@link take}, but null when a limit has no point left. */
  async takeIfLeft(charges: Charges): Promise<Refund | null> {
    const outcome = await this.attempt(charges);
    return typeof outcome === 'function' ? outcome : null;
  }

  /** The longest wait until all of these limits have a point again; undefined when they have. */
  async nextWait(charges: Charges): Promise<Wait | undefined> {
    const waits = await Promise.all(
      namesOf(charges).map(async (name) => {
        const state = await this.limiters[name].get(charges[name]!);
        const isSpent = state && state.remainingPoints <= 0;
        return isSpent ? [this.waitFor(name, state.msBeforeNext)] : [];
      }),
    );
    return longest(waits.flat());
  }

  /** @returns the wait for the limit that refused, with nothing taken, or else what gives back. */
  private async attempt(charges: Charges): Promise<Refund | Wait> {
    const taken: (() => Promise<unknown>)[] = [];
    const refund = async () => void (await Promise.allSettled(taken.map((giveBack) => giveBack())));
    for (const name of namesOf(charges)) {
      const [limiter, bucket] = [this.limiters[name], charges[name]!];
      try {
        const point = await limiter.consume(bucket);
        // Redis that is full or read-only: the point was taken in this process, and must be given back there.
        taken.push(() => (localTakerOf(point) ?? limiter).reward(bucket));
      } catch (refusal) {
        await refund();
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return this.waitFor(name, refusal.msBeforeNext);
      }
    }
    return refund;
  }

  /** Never below a second or beyond the window, also when the clock that counts was set meanwhile. */
  private waitFor(name: LimitName, milliseconds: number): Wait {
    const { subject, kind, window } = this.limits[name];
    return {
      subject,
      kind,
      seconds: Math.min(Math.max(1, Math.ceil(milliseconds / 1000)), window),
    };
  }
}

interface SharedCount {
  readonly key: string;
  readonly points: number;
  /** Seconds. */
  readonly window: number;
}

interface Wait {
  readonly subject: string;
  readonly kind: LimitKind;
  readonly seconds: number;
}

const longest = (waits: Wait[]): Wait | undefined =>
  waits.toSorted((a, b) => b.seconds - a.seconds)[0];

const namesOf = (charges: Charges) => Object.keys(charges) as LimitName[];

const tooManyIn = ({ kind, subject, seconds }: Wait) =>
  new ApiException('TOO_MANY_REQUESTS', tooMany(kind, subject, seconds));

function shared(name: string, limit: Limits[LimitName], redis: RedisClient): RateLimiterRedis {
  return new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `tandem:limit:${name}`,
    points: limit.points,
    duration: limit.window,
    rejectIfRedisNotReady: true,
    customIncrTtlLuaScript: COUNT,
    // During an outage each node counts for itself, so each allows half.
    insuranceLimiter: local(name, { ...limit, points: Math.ceil(limit.points / 2) }),
  });
}

function local(name: string, { points, window }: Limits[LimitName]): LocalLimiter {
  return new LocalLimiter({ keyPrefix: name, points, duration: window });
}
