import type { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import type { Env } from '../config/env';
import type { KeyRing } from '../config/key-ring';
import { isCluster, type RedisClient } from '../storage/redis.service';
import type { Challenge } from './challenge.entity';
import { CONSUME, type CountRole, OPEN, type Stored, type Verdict } from './challenge-scripts';
import {
  type ChallengeStore,
  KEPT_MS,
  type PastChallenge,
  counted,
  type Guess,
  UnjudgedError,
  UsedCodeError,
  WrongCode,
} from './challenge-store';
import { type Digest, digestBy } from './digest';
import { among, areAny, type Charges } from './charges';
import type { LimiterService } from './limiter.service';

type Scripted = RedisClient & {
  openChallenge(
    key: string,
    value: string,
    milliseconds: number,
    now: number,
    leastLifeMs: number,
  ): Promise<string>;
  consumeChallenge(keyCount: number, ...keysThenValues: (string | number)[]): Promise<Verdict>;
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
    private readonly env: Env,
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
    const lifetime = Math.max(1, expiresAt.getTime() - now + KEPT_MS);
    const [key, value] = [this.keyOf(mobile), format(candidate)];
    const opened = await this.redis.openChallenge(key, value, lifetime, now, leastLifeMs);
    return toChallenge(mobile, JSON.parse(opened) as Stored);
  }

  async liveUntil(mobile: E164): Promise<Date | null> {
    return (await this.find(mobile))[0]?.expiresAt ?? null;
  }

  /** One call; where the limits may lie on other nodes than the challenge, several. */
  async consume(guess: Guess): Promise<Challenge | WrongCode> {
    if (!isCluster(this.redis)) return this.consumeInOne(guess);
    const { mobile, tags, isDryRun } = guess;
    const challenge = await counted(this.limiter, guess, {
      consume: async () => {
        const judged = await this.consumeInOne({ mobile, tags, isDryRun, charges: {} });
        return judged instanceof WrongCode ? null : judged;
      },
      lives: async () => (await this.find(mobile)).length > 0,
    });
    return challenge ?? new WrongCode();
  }

  /** Reads the live challenges that a replica knows of, the newest first, without removing any. */
  async find(mobile: E164): Promise<Challenge[]> {
    const now = this.clock.now();
    const past = await this.recent(mobile);
    return past.filter(({ isUsed, expiresAt }) => !isUsed && +expiresAt > now);
  }

  async recent(mobile: E164): Promise<PastChallenge[]> {
    return pastOf(mobile, await this.redis.get(this.keyOf(mobile)));
  }

  private async consumeInOne(guess: Guess): Promise<Challenge | WrongCode> {
    const { mobile, tags, isDryRun } = guess;
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
        this.env.LOGIN_GRACE * 1000,
      )
      .catch(unjudged);
    const [verdict, ...details] = answer;
    if (verdict === 'wait') throw this.refusal(guess, details as number[]);
    if (verdict === 'used') throw new UsedCodeError();
    const stored = details[0] as string | null;
    if (verdict === 'wrong') return new WrongCode(pastOf(mobile, stored));
    return toChallenge(mobile, JSON.parse(stored!) as Stored);
  }

  /** The client puts `REDIS_KEY_PREFIX` before it. The part in braces decides on the node of a cluster. */
  private keyOf(mobile: E164): string {
    return `challenge:{${this.digest(mobile)}}`;
  }

  /** What refuses first. */
  private countsOf({ charges, suspicion, counted: others, lane, tally }: Guess) {
    const as = (role: CountRole, of: Charges = {}) =>
      this.limiter.sharedCounts(of).map((count) => ({ ...count, role }));
    return [
      ...as('limit', charges),
      ...as('suspicion', suspicion),
      ...as('count', others),
      ...as('lane', lane),
      ...as('tally', tally),
    ];
  }

  /** @param waits of all counts, in their order. */
  private refusal({ charges, suspicion }: Guess, waits: number[]): ApiException {
    const refusing = this.limiter.waitsOf({ ...charges, ...suspicion }, waits);
    const ofLimits = among(refusing, charges);
    if (areAny(ofLimits)) return this.limiter.refusal(ofLimits);
    const retryAfter = this.limiter.secondsOf(refusing);
    return new ApiException('CAPTCHA_REQUIRED', { retryAfter });
  }
}

function unjudged(error: unknown): never {
  throw new UnjudgedError(error);
}

const format = ({ id, tag, expiresAt }: Challenge) =>
  JSON.stringify({ id, tag, expires_at: expiresAt.getTime() });

function pastOf(mobile: E164, value: string | null): PastChallenge[] {
  if (value === null) return [];
  const { earlier, ...newest } = JSON.parse(value) as Stored;
  return [newest, ...(earlier ? [earlier] : [])]
    .filter(({ id }) => id !== '')
    .map((stored) => ({ ...toChallenge(mobile, stored), isUsed: stored.used === true }));
}

function toChallenge(mobile: E164, { id, tag, expires_at }: Stored): Challenge {
  return { mobile, id, tag, expiresAt: new Date(expires_at) };
}
