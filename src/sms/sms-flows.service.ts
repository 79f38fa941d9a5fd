import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, LessThan, Repository } from 'typeorm';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { change, ifChanged, insertionWhere, lookUp, nameIn, rowsOf } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { type Integer, join, raw, type Sql, sql } from '../storage/sql';
import { isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { SmsFlow } from './sms-flow.entity';

export type Share = 'fresh' | 'home' | 'total';

/** What one message takes from one share: how long it takes to flow in, and to fill the bucket from empty. Milliseconds. */
export interface Take {
  readonly costMs: number;
  readonly depthMs: number;
}

/** What one message takes from the shares of a scope, all or none. */
export interface Draw {
  readonly scope: string;
  readonly shares: Partial<Record<Share, Take>>;
}

const PURGE_MS = 10 * 60_000;
/** Longer than any bucket needs to be full again. */
const FULL_AFTER_MS = 30 * 86_400_000;
/** Prices of large budgets take less than a millisecond to flow in. */
const US = 1000;

/** Buckets in SQL: each is taken from by one statement, which no number of parallel ones gets more out of than flows in. */
@Injectable()
export class SmsFlowsService {
  private readonly table: Sql;

  constructor(
    @InjectRepository(SmsFlow, TANDEM) private readonly flows: Repository<SmsFlow>,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    jobs: BackgroundJobsService,
  ) {
    this.table = nameIn(dataSource, 'sms_flows');
    jobs.every('purge of full SMS buckets', PURGE_MS, () => this.purge());
  }

  /**
   * {@link take} for several, the narrowest scope first, as statements of one transaction: each takes only where the one before
   * it has changed a row, so that what is refused holds nothing that others wait for.
   */
  async takings(draws: readonly Draw[]): Promise<Sql[]> {
    const scopes = draws.map(({ scope }) => scope);
    const rows = await lookUp(
      this.dataSource,
      rowsOf<{ scope: string }>(
        sql`SELECT scope FROM ${this.table} WHERE scope IN (${join(scopes)})`,
      ),
    );
    const isThere = new Set(rows.map(({ scope }) => scope));
    return draws.map((draw, index) => {
      const taking = isThere.has(draw.scope) ? this.subtraction(draw) : this.opening(draw);
      return index === 0 ? taking : sql`${taking} AND ${ifChanged(this.dataSource)}`;
    });
  }

  /** @returns whether there was enough; if not, nothing is taken. */
  async take(draw: Draw): Promise<boolean> {
    if (isBeyond(draw)) return false;
    if (await this.subtract(draw)) return true;
    // When it is there now, a parallel first message may have opened it since.
    return (await this.open(draw)) || this.subtract(draw);
  }

  async giveBack({ scope, shares }: Draw): Promise<void> {
    const changes = entriesOf(shares).map(
      ([share, { costMs }]) => sql`${raw(share)} = ${raw(share)} - ${costUs(costMs)}`,
    );
    await this.change(sql`UPDATE ${this.table} SET ${join(changes)} WHERE scope = ${scope}`);
  }

  /** Milliseconds until there will be enough. */
  async waitFor(draw: Draw): Promise<number> {
    if (isBeyond(draw)) return Infinity;
    const flow = await this.flows.findOneBy({ scope: draw.scope });
    const waits = entriesOf(draw.shares).map(
      ([share, take]) => ((flow?.[share] ?? 0) - this.latestUs(take)) / US,
    );
    return Math.max(0, ...waits);
  }

  /** How far each of these scopes is used up, as the milliseconds until its share is full again. */
  async usedMs(scopes: string[], share: Share): Promise<Map<string, number>> {
    const flows = await lookUp(
      this.dataSource,
      rowsOf<{ scope: string; full_at: Integer }>(sql`SELECT scope, ${raw(share)} AS full_at
        FROM ${this.table} WHERE scope IN (${join(scopes)})`),
    );
    const now = this.clock.now();
    return new Map(
      flows.map(({ scope, full_at: fullAt }) => [scope, Math.max(0, Number(fullAt) / US - now)]),
    );
  }

  private async subtract(draw: Draw): Promise<boolean> {
    return (await this.change(this.subtraction(draw))) === 1;
  }

  /** What is full flows over: time that passed before is worth no more than now. */
  private subtraction({ scope, shares }: Draw): Sql {
    const now = this.clock.now() * US;
    const changes = entriesOf(shares).map(([share, { costMs }]) => {
      const column = raw(share);
      return sql`${column} = CASE WHEN ${column} > ${now} THEN ${column} ELSE ${now} END + ${costUs(costMs)}`;
    });
    const enough = entriesOf(shares).map(
      ([share, take]) => sql`${raw(share)} <= ${this.latestUs(take)}`,
    );
    return sql`UPDATE ${this.table} SET ${join(changes)} WHERE scope = ${scope} AND ${join(enough, ' AND ')}`;
  }

  /** The latest moment to be full again that leaves enough for a message. */
  private latestUs({ costMs, depthMs }: Take): number {
    return this.clock.now() * US + Math.round(depthMs * US) - costUs(costMs);
  }

  private change(statement: Sql): Promise<number> {
    return retrying(() => change(this.dataSource, statement), isDeadlock);
  }

  /** Takes from a bucket that nobody has taken from before: it is full. @returns false when there is one. */
  private async open(draw: Draw): Promise<boolean> {
    return (await this.change(this.opening(draw))) === 1;
  }

  private opening({ scope, shares }: Draw): Sql {
    const now = this.clock.now() * US;
    const taken = entriesOf(shares).map(([share, { costMs }]) => [share, now + costUs(costMs)]);
    const first = { scope, fresh: 0, home: 0, total: 0, ...Object.fromEntries(taken) };
    return insertionWhere(this.dataSource, this.table, first);
  }

  private async purge(): Promise<void> {
    const total = LessThan((this.clock.now() - FULL_AFTER_MS) * US);
    await this.flows.delete({ total });
  }
}

const entriesOf = (shares: Draw['shares']) => Object.entries(shares) as [Share, Take][];

/** Whether it would not even fit into a full bucket. */
export const isBeyond = ({ shares }: Draw) =>
  entriesOf(shares).some(([, { costMs, depthMs }]) => costMs > depthMs);

const costUs = (costMs: number) => Math.max(1, Math.floor(costMs * US));
