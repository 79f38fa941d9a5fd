import { isCluster, type RedisClient } from '../storage/redis.service';
import type { Count, Counters, Taken } from './counters';
import type { Digest } from './digest';

/** For every script that counts: a limit is a key with its points and the seconds of its window. */
export const COUNT_FUNCTIONS = `
local function is_spent(key, limit)
  return tonumber(redis.call('GET', key) or 0) >= limit.points
end
local function wait_for(key)
  return math.max(1, redis.call('PTTL', key))
end
local function add(key, limit)
  redis.call('SET', key, 0, 'EX', limit.window, 'NX')
  redis.call('INCR', key)
end`;

const WAITS_OF = `${COUNT_FUNCTIONS}
local limits, waits, is_refused = cjson.decode(ARGV[1]), {}, false
local function wait_of(i)
  return is_spent(KEYS[i], limits[i]) and wait_for(KEYS[i]) or 0
end
for i in ipairs(limits) do
  waits[i] = wait_of(i)
  is_refused = is_refused or waits[i] > 0
end`;

/** With how many of the counts are taken: the first ones. */
const TAKE = `${WAITS_OF}
local next = {}
if not is_refused then
  for i = 1, tonumber(ARGV[2]) do
    add(KEYS[i], limits[i])
    next[i] = wait_of(i)
  end
end
return {waits, next}`;

const WAITS = `${WAITS_OF}
return waits`;

/** With how many of the counts are given back: the windows of the others begin anew. */
const GIVE_BACK = `
for i, key in ipairs(KEYS) do
  local count = tonumber(redis.call('GET', key) or 0)
  local is_anew = i > tonumber(ARGV[1])
  if count > 1 and not is_anew then redis.call('DECR', key) elseif count >= 1 then redis.call('DEL', key) end
end`;

/** How scripts know a count. */
export interface SharedCount {
  readonly key: string;
  readonly points: number;
  /** Seconds. */
  readonly window: number;
}

type Scripted = RedisClient & {
  takePoints(
    keyCount: number,
    ...keysThenLimits: (string | number)[]
  ): Promise<[waits: number[], next: number[]]>;
  limitWaits(keyCount: number, ...keysThenLimits: (string | number)[]): Promise<number[]>;
  giveBackPoints(keyCount: number, ...keysThenCount: (string | number)[]): Promise<null>;
};

/** Counts in Redis, for all nodes, in one call; in a cluster, where the keys lie apart, in one for each count. */
export class RedisCounters implements Counters {
  private readonly redis: Scripted;

  constructor(
    redis: RedisClient,
    /** Of the bucket, which may be a phone number. */
    private readonly digestOf: Digest,
  ) {
    redis.defineCommand('takePoints', { lua: TAKE });
    redis.defineCommand('limitWaits', { lua: WAITS });
    redis.defineCommand('giveBackPoints', { lua: GIVE_BACK });
    this.redis = redis as Scripted;
  }

  sharedCountOf({ name, bucket, points, windowSeconds: window }: Count): SharedCount {
    return { key: `limit:${name}:${this.digestOf(bucket)}`, points, window };
  }

  async take(counts: readonly Count[], unless: readonly Count[] = []): Promise<Taken> {
    return isCluster(this.redis)
      ? this.takeApart(counts, unless)
      : this.takeTogether(counts, unless);
  }

  async waits(counts: readonly Count[]): Promise<number[]> {
    const waits = await Promise.all(this.groupsOf(counts).map((group) => this.waitsOf(group)));
    return waits.flat();
  }

  used(counts: readonly Count[]): Promise<number[]> {
    const keys = counts.map((count) => this.sharedCountOf(count).key);
    return Promise.all(keys.map(async (key) => Number(await this.redis.get(key))));
  }

  async giveBack(counts: readonly Count[], anew: readonly Count[] = []): Promise<void> {
    if (isCluster(this.redis)) {
      const given = counts.map((count) => this.giveBackTogether([count], []));
      await Promise.all([...given, this.reset(anew)]);
    } else if (counts.length + anew.length > 0) await this.giveBackTogether(counts, anew);
  }

  async reset(counts: readonly Count[]): Promise<void> {
    await Promise.all(counts.map((count) => this.redis.del(this.sharedCountOf(count).key)));
  }

  private async takeTogether(counts: readonly Count[], unless: readonly Count[]): Promise<Taken> {
    const all = [...counts, ...unless];
    const sent = [...this.argumentsOf(all), counts.length];
    const [waits, next] = await this.redis.takePoints(all.length, ...sent);
    return { waits, next };
  }

  /** One after the other: what an earlier one refuses holds no point of a later one. */
  private async takeApart(counts: readonly Count[], unless: readonly Count[]): Promise<Taken> {
    const others = await this.waits(unless);
    if (others.some((wait) => wait > 0)) {
      return { waits: [...(await this.waits(counts)), ...others], next: [] };
    }
    const next: number[] = [];
    for (const [index, count] of counts.entries()) {
      const taken = await this.takeTogether([count], []).catch(async (error: unknown) => {
        await this.giveBack(counts.slice(0, index));
        throw error;
      });
      if (taken.waits[0]! > 0) {
        await this.giveBack(counts.slice(0, index));
        const later = await this.waits(counts.slice(index + 1));
        return { waits: [...next.map(() => 0), ...taken.waits, ...later, ...others], next: [] };
      }
      next.push(...taken.next);
    }
    return { waits: [...counts.map(() => 0), ...others], next };
  }

  private async giveBackTogether(counts: readonly Count[], anew: readonly Count[]): Promise<void> {
    const keys = [...counts, ...anew].map((count) => this.sharedCountOf(count).key);
    await this.redis.giveBackPoints(keys.length, ...keys, counts.length);
  }

  private waitsOf(counts: readonly Count[]): Promise<number[]> {
    return this.redis.limitWaits(counts.length, ...this.argumentsOf(counts));
  }

  /** The keys, then what {@link COUNT_FUNCTIONS} need to know of them. */
  private argumentsOf(counts: readonly Count[]): string[] {
    const shared = counts.map((count) => this.sharedCountOf(count));
    return [...shared.map(({ key }) => key), JSON.stringify(shared)];
  }

  /** What one call may name. */
  private groupsOf(counts: readonly Count[]): (readonly Count[])[] {
    if (counts.length === 0) return [];
    return isCluster(this.redis) ? counts.map((count) => [count]) : [counts];
  }
}
