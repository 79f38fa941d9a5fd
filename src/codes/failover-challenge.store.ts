import { Logger } from '@nestjs/common';
import type { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import type { Env } from '../config/env';
import type { Challenge } from './challenge.entity';
import { type ChallengeStore, UnjudgedError } from './challenge-store';
import type { RedisChallengeStore } from './redis-challenge.store';
import type { SqlChallengeStore } from './sql-challenge.store';

/**
 * Redis while it answers; without it new challenges go to SQL, and those already sent are read from
 * the replica. A replica cannot consume: that a code succeeds once is then left to the sessions table.
 */
export class FailoverChallengeStore implements ChallengeStore {
  private readonly logger = new Logger(FailoverChallengeStore.name);
  /** When Redis last answered this node, in epoch milliseconds. */
  private answeredAt = 0;

  constructor(
    private readonly primary: RedisChallengeStore,
    private readonly replica: RedisChallengeStore | undefined,
    private readonly sql: SqlChallengeStore,
    private readonly clock: Clock,
    private readonly env: Env,
  ) {}

  async open(candidate: Challenge, spare = candidate): Promise<Challenge> {
    try {
      return await this.noting(this.primary.open(candidate));
    } catch (error) {
      this.logger.error(error, 'Redis did not take a challenge, SQL does');
      return this.sql.open(spare);
    }
  }

  async consume(mobile: E164, tag: string): Promise<Challenge | null> {
    try {
      return (await this.consumeInRedis(mobile, tag)) ?? (await this.sql.consume(mobile, tag));
    } catch (error) {
      if (!(error instanceof UnjudgedError)) throw error;
      return (await this.sql.consume(mobile, tag)) ?? (await this.judgeWithoutRedis(mobile, error));
    }
  }

  /** A code that was sent since Redis went is the newest of its number, and another one is wrong. */
  private async judgeWithoutRedis(mobile: E164, error: UnjudgedError): Promise<null> {
    const live = await this.sql.findLive(mobile);
    if (!live) throw error;
    const openedAt = live.expiresAt.getTime() - this.env.CODE_TTL * 1000;
    if (openedAt >= this.answeredAt) return null;
    // Redis may know of a newer one. But this guess was judged by the older, and counts.
    throw new ApiException('UNAVAILABLE', { cause: error });
  }

  private async consumeInRedis(mobile: E164, tag: string): Promise<Challenge | null> {
    try {
      return await this.noting(this.primary.consume(mobile, tag));
    } catch (error) {
      this.logger.error(error, 'Redis did not answer for a challenge');
      return this.findInReplica(mobile, tag, error);
    }
  }

  private async findInReplica(mobile: E164, tag: string, cause: unknown) {
    const live = await this.replica?.find(mobile).catch((error: unknown) => {
      this.logger.error(error, 'The Redis replica did not answer for a challenge');
    });
    // Also when it was consumed, perhaps by the very call that the primary did not answer.
    if (!live) throw new UnjudgedError(cause);
    return live.tag === tag ? live : null;
  }

  private async noting<T>(answer: Promise<T>): Promise<T> {
    const answered = await answer;
    this.answeredAt = this.clock.now();
    return answered;
  }
}
