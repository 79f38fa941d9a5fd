import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import {
  DataSource,
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
import { Env } from '../config/env';
import { inBatches } from '../storage/batches';
import { lookUp, nameIn, rowsOf } from '../storage/queries';
import { type Integer, type Sql, sql } from '../storage/sql';
import { isOutage } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { Challenge } from './challenge.entity';
import {
  type ChallengeStore,
  counted,
  type Guess,
  KEPT_MS,
  type PastChallenge,
  UnjudgedError,
  UsedCodeError,
  WrongCode,
} from './challenge-store';
import { LimiterService } from './limiter.service';

const PURGE_MS = 60_000;
/** The end of a challenge that was used. */
const USED = new Date(0);

/** Challenges in SQL: all of them in the embedded mode, those of an outage where Redis is used. */
@Injectable()
export class SqlChallengeStore implements ChallengeStore {
  private readonly table: Sql;

  constructor(
    @InjectRepository(Challenge, TANDEM) private readonly challenges: Repository<Challenge>,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly limiter: LimiterService,
    jobs: BackgroundJobsService,
  ) {
    this.table = nameIn(dataSource, 'challenges');
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

  async liveUntil(mobile: E164): Promise<Date | null> {
    const row = await this.challenges.findOneBy({ mobile });
    const ends = [row?.expiresAt, row?.earlierId ? row.earlierExpiresAt : null];
    return ends.find((end) => end && end > this.clock.date()) ?? null;
  }

  async consume(guess: Guess): Promise<Challenge | WrongCode> {
    const challenge = await counted(this.limiter, guess, {
      consume: () => this.consumeUncounted(guess).catch(unjudgedIfAway),
      lives: () => this.isUnderWay(guess.mobile),
    });
    return challenge ?? new WrongCode();
  }

  /** {@link consume} without a count, null for a wrong guess. */
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

  /** The used one becomes the earlier, and an earlier one that lives takes its place: each works once. */
  private use(newest: Challenge): Promise<boolean> {
    return this.change(newest, {
      ...this.liveEarlier(newest),
      ...earlierOf(newest, null),
      earlierExpiresAt: this.endOfUsed(newest.expiresAt),
    });
  }

  private liveEarlier({ earlierId, earlierTag, earlierExpiresAt }: Challenge): Partial<Challenge> {
    const lives = earlierId && earlierExpiresAt! > this.clock.date();
    return lives
      ? { id: earlierId, tag: earlierTag!, expiresAt: earlierExpiresAt! }
      : { expiresAt: USED };
  }

  private useEarlier({ mobile, earlierId, earlierExpiresAt }: Challenge): Promise<boolean> {
    const used = { earlierId: null, earlierExpiresAt: this.endOfUsed(earlierExpiresAt!) };
    return this.changeWhere({ mobile, earlierId: earlierId! }, used);
  }

  /** A used code is told from a wrong one, and wrong ones are counted, as long as its login may be repeated. */
  private endOfUsed(expiresAt: Date): Date {
    return new Date(Math.max(+expiresAt, this.clock.now() + this.env.LOGIN_GRACE * 1000));
  }

  private change({ mobile, id, expiresAt, earlierId }: Challenge, changes: Partial<Challenge>) {
    const earlier = { earlierId: earlierId ?? IsNull() };
    return this.changeWhere({ mobile, id, expiresAt, ...earlier }, changes);
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

  async recent(mobile: E164): Promise<PastChallenge[]> {
    const [row] = await lookUp(
      this.dataSource,
      rowsOf<ChallengeRow>(sql`SELECT id, tag, expires_at, earlier_id, earlier_tag, earlier_expires_at
        FROM ${this.table} WHERE mobile = ${mobile}`),
    );
    if (!row) return [];
    const earlier = row.earlier_tag && {
      mobile,
      id: row.earlier_id ?? row.id,
      tag: row.earlier_tag,
      expiresAt: timeOf(row.earlier_expires_at!),
      isUsed: row.earlier_id === null,
    };
    const expiresAt = timeOf(row.expires_at);
    // The newest was used, and stands as the one before.
    const newest =
      +expiresAt === +USED ? [] : [{ mobile, id: row.id, tag: row.tag, expiresAt, isUsed: false }];
    return [...newest, ...(earlier ? [earlier] : [])];
  }

  /** Whether the number has a challenge that has not expired, or the one before has not. */
  async isUnderWay(mobile: E164): Promise<boolean> {
    const now = this.clock.now();
    const rows = await lookUp(
      this.dataSource,
      rowsOf(sql`SELECT 1 FROM ${this.table}
        WHERE mobile = ${mobile} AND (expires_at > ${now} OR earlier_expires_at > ${now})`),
    );
    return rows.length > 0;
  }

  /** Expired challenges hold phone numbers: deleted within {@link KEPT_MS}, in batches that lock few rows. */
  private async purge(): Promise<void> {
    const expiresAt = LessThanOrEqual(new Date(this.clock.now() - KEPT_MS));
    const over = { expiresAt, earlierExpiresAt: Or(IsNull(), expiresAt) };
    await inBatches(
      (take) => this.challenges.find({ where: over, take }),
      (batch) => this.challenges.delete({ ...over, mobile: In(batch.map(({ mobile }) => mobile)) }),
    );
  }
}

interface ChallengeRow {
  readonly id: string;
  readonly tag: string;
  readonly expires_at: Integer;
  readonly earlier_id: string | null;
  readonly earlier_tag: string | null;
  readonly earlier_expires_at: Integer | null;
}

const timeOf = (milliseconds: Integer) => new Date(Number(milliseconds));

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
