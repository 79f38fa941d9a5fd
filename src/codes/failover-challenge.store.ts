import { Logger } from '@nestjs/common';
import type { E164 } from '../common/phone-number';
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

  constructor(
    private readonly primary: RedisChallengeStore,
    private readonly replica: RedisChallengeStore | undefined,
    private readonly sql: SqlChallengeStore,
  ) {}

  async open(candidate: Challenge): Promise<Challenge> {
    try {
      return await this.primary.open(candidate);
    } catch (error) {
      this.logger.error(error, 'Redis did not take a challenge, SQL does');
      return this.sql.open(candidate);
    }
  }

  async consume(mobile: E164, tag: string): Promise<Challenge | null> {
    try {
      return (await this.consumeInRedis(mobile, tag)) ?? (await this.sql.consume(mobile, tag));
    } catch (error) {
      if (!(error instanceof UnjudgedError)) throw error;
      const challenge = await this.sql.consume(mobile, tag);
      // A number that was sent a code since is judged by that one.
      if (challenge || (await this.sql.hasLive(mobile))) return challenge;
      throw error;
    }
  }

  private async consumeInRedis(mobile: E164, tag: string): Promise<Challenge | null> {
    try {
      return await this.primary.consume(mobile, tag);
    } catch (error) {
      this.logger.error(error, 'Redis did not answer for a challenge');
      return this.findInReplica(mobile, tag, error);
    }
  }

  private async findInReplica(mobile: E164, tag: string, cause: unknown) {
    if (!this.replica) throw new UnjudgedError(cause);
    try {
      return await this.replica.find(mobile, tag);
    } catch (error) {
      this.logger.error(error, 'The Redis replica did not answer for a challenge');
      throw new UnjudgedError(error);
    }
  }
}
