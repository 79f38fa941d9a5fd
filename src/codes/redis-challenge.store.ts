import type { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import type { KeyRing } from '../config/key-ring';
import { isCluster, type RedisClient } from '../storage/redis.service';
import type { Challenge } from './challenge.entity';
import { CONSUME, type CountRole, OPEN, type Stored } from './challenge-scripts';
import {
  type ChallengeStore,
  counted,
  type Guess,
  UnjudgedError,
  UsedCodeError,
} from './challenge-store';
import { type Digest, digestBy } from './digest';
import type { Charges, LimiterService } from './limiter.service';

type Scripted = RedisClient & {
  openChallenge(
    key: string,
    value: string,
    milliseconds: number,
    now: number,
    leastLifeMs: number,
  ): Promise<string>;
  consumeChallenge(
    keyCount: number,
    ...keysThenValues: (string | number)[]
  ): Promise<string | number[] | null>;
};

/**
 * Challenges in Redis: the key holds a digest of the number, the value nothing that a code follows from. They end at
 * the time that they name; that Redis forgets them, by its own clock, only tidies up.
 */
export class RedisChallengeStore implements ChallengeStore {
  private readonly redis: Scripted;
  private readonly digest: Digest;

  constructor(
    redis: RedisClient,
    private readonly clock: Clock,
    private readonly limiter: LimiterService,
    keys: KeyRing,
  ) {
    this.digest = digestBy(keys);
    redis.defineCommand('openChallenge', { numberOfKeys: 1, lua: OPEN });
    redis.defineCommand('consumeChallenge', { lua: CONSUME });
    this.redis = redis as Scripted;
  }

  async open(candidate: Challenge, _spare?: Challenge, leastLifeMs = 0): Promise<Challenge> {
    const { mobile, expiresAt } = candidate;
    const now = this.clock.now();
    const lifetime = Math.max(1, expiresAt.getTime() - now);
    const [key, value] = [this.keyOf(mobile), format(candidate)];
    const opened = await this.redis.openChallenge(key, value, lifetime, now, leastLifeMs);
    return toChallenge(mobile, JSON.parse(opened) as Stored);
  }

  /** One call; where the limits may lie on other nodes than the challenge, several. */
  consume(guess: Guess): Promise<Challenge | null> {
    if (!isCluster(this.redis)) return this.consumeInOne(guess);
    const { mobile, tags, isDryRun } = guess;
    return counted(this.limiter, guess, {
      consume: () => this.consumeInOne({ mobile, tags, isDryRun, charges: {} }),
      lives: async () => (await this.find(mobile)).length > 0,
    });
  }

  /** Reads the live challenges that a replica knows of, the newest first, without removing any. */
  async find(mobile: E164): Promise<Challenge[]> {
    const value = await this.redis.get(this.keyOf(mobile));
    if (value === null) return [];
    const { earlier, ...newest } = JSON.parse(value) as Stored;
    const known = earlier && !earlier.used ? [newest, earlier] : [newest];
    const now = this.clock.now();
    return known
      .filter(({ expires_at }) => expires_at > now)
      .map((stored) => toChallenge(mobile, stored));
  }

  private async consumeInOne(guess: Guess): Promise<Challenge | null> {
    const { mobile, tags, charges, isDryRun } = guess;
    const counts = this.countsOf(guess);
    const answer = await this.redis
      .consumeChallenge(
        1 + counts.length,
        this.keyOf(mobile),
        ...counts.map(({ key }) => key),
        this.clock.now(),
        JSON.stringify(tags),
        JSON.stringify(counts),
        isDryRun ? 'dry run' : '',
      )
      .catch(unjudged);
    if (Array.isArray(answer)) throw this.limiter.refusal(charges, answer);
    if (answer === '') throw new UsedCodeError();
    return answer === null ? null : toChallenge(mobile, JSON.parse(answer) as Stored);
  }

  /** The client puts `REDIS_KEY_PREFIX` before it. The part in braces decides on the node of a cluster. */
  private keyOf(mobile: E164): string {
    return `challenge:{${this.digest(mobile)}}`;
  }

  /** What refuses, then what only counts, then the lane. */
  private countsOf({ charges, counted: others = {}, lane = {} }: Guess) {
    const as = (role: CountRole, of: Charges) =>
      this.limiter.sharedCounts(of).map((count) => ({ ...count, role }));
    return [...as('limit', charges), ...as('count', others), ...as('lane', lane)];
  }
}

function unjudged(error: unknown): never {
  throw new UnjudgedError(error);
}

const format = ({ id, tag, expiresAt }: Challenge) =>
  JSON.stringify({ id, tag, expires_at: expiresAt.getTime() });

function toChallenge(mobile: E164, { id, tag, expires_at }: Stored): Challenge {
  return { mobile, id, tag, expiresAt: new Date(expires_at) };
}
