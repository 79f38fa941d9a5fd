import { RedactingLogger } from '../common/redacting-logger';
import type { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import type { Env } from '../config/env';
import type { Challenge } from './challenge.entity';
import {
  type ChallengeStore,
  counted,
  type Guess,
  type PastChallenge,
  UnjudgedError,
  UsedCodeError,
  WrongCode,
} from './challenge-store';
import type { LimiterService } from './limiter.service';
import type { RedisChallengeStore } from './redis-challenge.store';
import type { SqlChallengeStore } from './sql-challenge.store';

/**
 * Redis while it answers; without it new challenges go to SQL, and those already sent are read from
 * the replica. A replica cannot consume: that a code succeeds once is then left to the sessions table.
 */
export class FailoverChallengeStore implements ChallengeStore {
  private readonly logger = new RedactingLogger(FailoverChallengeStore.name);
  /** When Redis last answered this node, in epoch milliseconds. */
  private answeredAt = 0;

  constructor(
    private readonly primary: RedisChallengeStore,
    private readonly replica: RedisChallengeStore | undefined,
    private readonly sql: SqlChallengeStore,
    private readonly clock: Clock,
    private readonly env: Env,
    private readonly limiter: LimiterService,
  ) {}

  async open(candidate: Challenge, spare = candidate, leastLifeMs?: number): Promise<Challenge> {
    try {
      return await this.noting(this.primary.open(candidate, spare, leastLifeMs));
    } catch (error) {
      this.logger.error(error, 'Redis unreachable: challenge is stored in SQL');
      return this.sql.open(spare, spare, leastLifeMs);
    }
  }

  async liveUntil(mobile: E164): Promise<Date | null> {
    const sent = await this.primary.liveUntil(mobile).catch(() => this.replica?.liveUntil(mobile));
    return sent ?? this.sql.liveUntil(mobile);
  }

  /** Those that were sent while Redis was away are in SQL. */
  async recent(mobile: E164): Promise<PastChallenge[]> {
    const [inRedis, inSql] = await Promise.all([
      this.primary.recent(mobile).catch((): PastChallenge[] => []),
      this.sql.recent(mobile),
    ]);
    return newestFirst([...inRedis, ...inSql]);
  }

  async consume(guess: Guess): Promise<Challenge | WrongCode> {
    let judged: Challenge | WrongCode;
    try {
      judged = await this.noting(this.primary.consume(guess));
    } catch (error) {
      if (!(error instanceof UnjudgedError)) {
        this.answeredAt = this.clock.now();
        throw error;
      }
      const { cause } = error;
      this.logger.error(cause, 'Redis unreachable: challenge is read from the replica or SQL');
      const challenge = await counted(this.limiter, guess, {
        consume: () => this.consumeWithoutRedis(guess, cause),
        lives: () => this.sql.isUnderWay(guess.mobile),
      });
      return challenge ?? new WrongCode();
    }
    return judged instanceof WrongCode ? this.consumeSentWithoutRedis(guess, judged) : judged;
  }

  /** A guess that Redis has counted as wrong may be right for a code that was sent while it was away. */
  private async consumeSentWithoutRedis(
    guess: Guess,
    { past: inRedis = [] }: WrongCode,
  ): Promise<Challenge | WrongCode> {
    const { mobile, lane } = guess;
    const inSql = await this.sql.recent(mobile);
    const wrong = new WrongCode(newestFirst([...inRedis, ...inSql]));
    const now = this.clock.date();
    if (!inSql.some(({ expiresAt }) => expiresAt > now)) return wrong;
    const giveBack = () => this.limiter.giveBack({ ...guess.charges, ...guess.counted });
    const ofLane = { mobile, tags: guess.tags, charges: {}, lane };
    const challenge = await counted(this.limiter, ofLane, {
      consume: () => this.sql.consumeUncounted(guess),
      lives: () => Promise.resolve(true),
    }).catch(async (error: unknown) => {
      if (error instanceof UsedCodeError) await giveBack();
      throw error;
    });
    if (challenge) await giveBack();
    return challenge ?? wrong;
  }

  private async consumeWithoutRedis(guess: Guess, cause: unknown): Promise<Challenge | null> {
    const { mobile, tags } = guess;
    const live = await this.replica?.find(mobile).catch((error: unknown) => {
      this.logger.error(error, 'Redis replica unreachable: challenge is read from SQL');
    });
    const sent = live?.find(({ tag }) => tags.includes(tag));
    if (sent) return sent;
    const challenge = await this.sql.consumeUncounted(guess);
    // When the replica has none, it may have been consumed by the very call that the primary did not answer.
    return challenge ?? (live?.length ? null : this.judgeWithoutRedis(mobile, cause));
  }

  /** A code that was sent since Redis went is the newest of its number, and another one is wrong. */
  private async judgeWithoutRedis(mobile: E164, cause: unknown): Promise<null> {
    const live = await this.sql.findLive(mobile);
    if (!live) throw new UnjudgedError(cause);
    const openedAt = live.expiresAt.getTime() - this.env.CODE_TTL * 1000;
    if (openedAt >= this.answeredAt) return null;
    // Redis may know of a newer one. But this guess was judged by the older, and counts.
    throw new ApiException('UNAVAILABLE', { cause });
  }

  private async noting<T>(answer: Promise<T>): Promise<T> {
    const answered = await answer;
    this.answeredAt = this.clock.now();
    return answered;
  }
}

const newestFirst = (past: readonly PastChallenge[]) =>
  past.toSorted((one, other) => +other.expiresAt - +one.expiresAt);
