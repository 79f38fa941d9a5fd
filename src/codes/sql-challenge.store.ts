import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThanOrEqual, MoreThan, type Repository } from 'typeorm';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { inBatches } from '../storage/batches';
import { isOutage } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { Challenge } from './challenge.entity';
import { type ChallengeStore, counted, type Guess, UnjudgedError } from './challenge-store';
import { LimiterService } from './limiter.service';

const PURGE_MS = 60_000;

/** Challenges in SQL: all of them in the embedded mode, those of an outage where Redis is used. */
@Injectable()
export class SqlChallengeStore implements ChallengeStore {
  constructor(
    @InjectRepository(Challenge, TANDEM) private readonly challenges: Repository<Challenge>,
    private readonly clock: Clock,
    private readonly limiter: LimiterService,
    jobs: BackgroundJobsService,
  ) {
    jobs.every('purge of expired challenges', PURGE_MS, () => this.purge());
  }

  async open(candidate: Challenge): Promise<Challenge> {
    const { mobile } = candidate;
    await this.challenges.delete({ mobile, expiresAt: LessThanOrEqual(this.clock.date()) });
    await this.challenges.createQueryBuilder().insert().values(candidate).orIgnore().execute();
    // Null when a login has consumed the live one in between.
    return (await this.challenges.findOneBy({ mobile })) ?? this.open(candidate);
  }

  consume(guess: Guess): Promise<Challenge | null> {
    return counted(this.limiter, guess, () => this.consumeUncounted(guess).catch(unjudgedIfAway));
  }

  /** {@link consume} without a count. */
  async consumeUncounted({ mobile, tags, isDryRun }: Guess): Promise<Challenge | null> {
    const live = { mobile, tag: In(tags), expiresAt: MoreThan(this.clock.date()) };
    const challenge = await this.challenges.findOneBy(live);
    if (!challenge || isDryRun) return challenge;
    // Of parallel calls only the one that deletes the row has consumed it.
    const { affected } = await this.challenges.delete({ mobile, id: challenge.id });
    return affected === 1 ? challenge : null;
  }

  findLive(mobile: E164): Promise<Challenge | null> {
    return this.challenges.findOneBy({ mobile, expiresAt: MoreThan(this.clock.date()) });
  }

  /** Expired challenges hold phone numbers: deleted within minutes, in batches that lock few rows. */
  private async purge(): Promise<void> {
    const expiresAt = LessThanOrEqual(this.clock.date());
    await inBatches(
      (take) => this.challenges.find({ where: { expiresAt }, take }),
      (batch) =>
        this.challenges.delete({ mobile: In(batch.map(({ mobile }) => mobile)), expiresAt }),
    );
  }
}

function unjudgedIfAway(error: unknown): never {
  throw isOutage(error) ? new UnjudgedError(error) : error;
}
