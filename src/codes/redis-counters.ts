import { isCluster, type RedisClient } from '../storage/redis.service';
import type { Count, Counters } from './counters';
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
for i, limit in ipairs(limits) do
  local refuses = is_spent(KEYS[i], limit)
  waits[i] = refuses and wait_for(KEYS[i]) or 0
  is_refused = is_refused or refuses
end`;

const TAKE = `${WAITS_OF}
if not is_refused then
  for i, limit in ipairs(limits) do add(KEYS[i], limit) end
end
return waits`;

const WAITS = `${WAITS_OF}
return waits`;

const GIVE_BACK = `
for _, key in ipairs(KEYS) do
  local count = tonumber(redis.call('GET', key) or 0)
  if count > 1 then redis.call('DECR', key) elseif count == 1 then redis.call('DEL', key) end
end`;

/** How scripts know a count. */
export interface SharedCount {
  readonly key: string;
  readonly points: number;
  /** Seconds. */
  readonly window: number;
}

type Scripted = RedisClient & {
  takePoints(keyCount: number, ...keysThenLimits: (string | number)[]): Promise<number[]>;
  limitWaits(keyCount: number, ...keysThenLimits: (string | number)[]): Promise<number[]>;
  giveBackPoints(keyCount: number, ...keys: string[]): Promise<null>;
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

  async take(counts: readonly Count[]): Promise<number[]> {
    return isCluster(this.redis) ? this.takeApart(counts) : this.takeTogether(counts);
  }

  async waits(counts: readonly Count[]): Promise<number[]> {
    const waits = await Promise.all(this.groupsOf(counts).map((group) => this.waitsOf(group)));
    return waits.flat();
  }

  /** How many points each window has given. */
  used(counts: readonly Count[]): Promise<number[]> {
    const keys = counts.map((count) => this.sharedCountOf(count).key);
    return Promise.all(keys.map(async (key) => Number(await this.redis.get(key))));
  }

  async giveBack(counts: readonly Count[]): Promise<void> {
    await Promise.all(
      this.groupsOf(counts).map((group) => {
        const keys = group.map((count) => this.sharedCountOf(count).key);
        return this.redis.giveBackPoints(keys.length, ...keys);
      }),
    );
  }

  async reset(counts: readonly Count[]): Promise<void> {
    await Promise.all(counts.map((count) => this.redis.del(this.sharedCountOf(count).key)));
  }

  private takeTogether(counts: readonly Count[]): Promise<number[]> {
    return this.redis.takePoints(counts.length, ...this.argumentsOf(counts));
  }

  /** One after the other: what an earlier one refuses holds no point of a later one. */
  private async takeApart(counts: readonly Count[]): Promise<number[]> {
    const waits = counts.map(() => 0);
    for (const [index, count] of counts.entries()) {
      const [wait] = await this.takeTogether([count]).catch(async (error: unknown) => {
        await this.giveBack(counts.slice(0, index));
        throw error;
      });
      waits[index] = wait!;
      if (wait! > 0) {
        await this.giveBack(counts.slice(0, index));
        const later = await this.waits(counts.slice(index + 1));
        return [...waits.slice(0, index + 1), ...later];
      }
    }
    return waits;
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
