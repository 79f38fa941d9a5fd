import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import {
  type FindOptionsWhere,
  In,
  IsNull,
  LessThanOrEqual,
  MoreThan,
  Or,
  type Repository,
} from 'typeorm';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { inBatches } from '../storage/batches';
import { isOutage } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { Challenge } from './challenge.entity';
import {
  type ChallengeStore,
  counted,
  type Guess,
  UnjudgedError,
  UsedCodeError,
} from './challenge-store';
import { LimiterService } from './limiter.service';

const PURGE_MS = 60_000;
/** The end of a challenge that was used. */
const USED = new Date(0);

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

  async open(candidate: Challenge, _spare?: Challenge, leastLifeMs = 0): Promise<Challenge> {
    const { mobile } = candidate;
    await this.challenges.createQueryBuilder().insert().values(candidate).orIgnore().execute();
    const newest = await this.challenges.findOneBy({ mobile });
    const soon = new Date(this.clock.now() + leastLifeMs);
    if (newest && (isSame(newest, candidate) || newest.expiresAt > soon)) {
      return withoutEarlier(newest);
    }
    const isReplaced = newest && (await this.replace(newest, candidate));
    // Otherwise another call was faster, or the row was purged in between.
    return isReplaced ? candidate : this.open(candidate, _spare, leastLifeMs);
  }

  consume(guess: Guess): Promise<Challenge | null> {
    return counted(this.limiter, guess, {
      consume: () => this.consumeUncounted(guess).catch(unjudgedIfAway),
      lives: () => this.isUnderWay(guess.mobile),
    });
  }

  /** {@link consume} without a count. */
  async consumeUncounted(guess: Guess): Promise<Challenge | null> {
    const { mobile, tags, isDryRun } = guess;
    const row = await this.challenges.findOneBy({ mobile });
    const found = row && this.answeredBy(tags, row);
    if (!found || isDryRun) return found;
    const isOurs = await (found.id === row.id ? this.use(row) : this.useEarlier(row));
    // Of parallel calls only the one that changes the row has consumed it.
    return isOurs ? found : this.consumeUncounted(guess);
  }

  /** @throws UsedCodeError for one that was used. */
  private answeredBy(tags: readonly string[], row: Challenge): Challenge | null {
    const now = this.clock.date();
    if (tags.includes(row.tag) && row.expiresAt > now) return withoutEarlier(row);
    const { mobile, earlierId: id, earlierTag: tag, earlierExpiresAt: expiresAt } = row;
    if (!tag || !expiresAt || !tags.includes(tag) || expiresAt <= now) return null;
    if (!id) throw new UsedCodeError();
    return { mobile, id, tag, expiresAt };
  }

  private async replace(newest: Challenge, candidate: Challenge): Promise<boolean> {
    const earlier = newest.expiresAt > this.clock.date() && earlierOf(newest, newest.id);
    return this.change(newest, { ...candidate, ...earlier });
  }

  private use(newest: Challenge): Promise<boolean> {
    return this.change(newest, { expiresAt: USED, ...earlierOf(newest, null) });
  }

  private useEarlier({ mobile, earlierId }: Challenge): Promise<boolean> {
    return this.changeWhere({ mobile, earlierId: earlierId! }, { earlierId: null });
  }

  private change({ mobile, id, expiresAt }: Challenge, changes: Partial<Challenge>) {
    return this.changeWhere({ mobile, id, expiresAt }, changes);
  }

  /** @returns whether the row was as it is described. */
  private async changeWhere(
    where: FindOptionsWhere<Challenge>,
    changes: Partial<Challenge>,
  ): Promise<boolean> {
    const { affected } = await this.challenges.update(where, changes);
    return affected === 1;
  }

  findLive(mobile: E164): Promise<Challenge | null> {
    return this.challenges.findOneBy({ mobile, expiresAt: MoreThan(this.clock.date()) });
  }

  /** Whether the number has a challenge that has not expired, or the one before has not. */
  isUnderWay(mobile: E164): Promise<boolean> {
    const later = MoreThan(this.clock.date());
    return this.challenges.existsBy([
      { mobile, expiresAt: later },
      { mobile, earlierExpiresAt: later },
    ]);
  }

  /** Expired challenges hold phone numbers: deleted within minutes, in batches that lock few rows. */
  private async purge(): Promise<void> {
    const expiresAt = LessThanOrEqual(this.clock.date());
    const over = { expiresAt, earlierExpiresAt: Or(IsNull(), expiresAt) };
    await inBatches(
      (take) => this.challenges.find({ where: over, take }),
      (batch) => this.challenges.delete({ ...over, mobile: In(batch.map(({ mobile }) => mobile)) }),
    );
  }
}

/** Not so for one that was used. */
const isSame = (one: Challenge, other: Challenge) =>
  one.id === other.id && one.expiresAt.getTime() === other.expiresAt.getTime();

const withoutEarlier = ({ mobile, id, tag, expiresAt }: Challenge): Challenge => ({
  mobile,
  id,
  tag,
  expiresAt,
});

/** @param id null when it was used. */
const earlierOf = ({ tag, expiresAt }: Challenge, id: string | null) => ({
  earlierId: id,
  earlierTag: tag,
  earlierExpiresAt: expiresAt,
});

function unjudgedIfAway(error: unknown): never {
  throw isOutage(error) ? new UnjudgedError(error) : error;
}
