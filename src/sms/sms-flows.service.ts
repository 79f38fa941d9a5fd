import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, In, LessThan, Repository } from 'typeorm';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { change, nameIn } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { join, raw, type Sql, sql } from '../storage/sql';
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

  /** @returns whether there was enough; if not, nothing is taken. */
  async take(draw: Draw): Promise<boolean> {
    if (isBeyond(draw)) return false;
    if (await this.subtract(draw)) return true;
    // Also when it is there now: a parallel first message may have opened it since.
    if (!(await this.flows.existsBy({ scope: draw.scope }))) await this.open(draw.scope);
    return this.subtract(draw);
  }

  async giveBack({ scope, shares }: Draw): Promise<void> {
    const changes = entriesOf(shares).map(
      ([share, { costMs }]) => sql`${raw(share)} = ${raw(share)} - ${costUs(costMs)}`,
    );
    await this.update(sql`SET ${join(changes)} WHERE scope = ${scope}`);
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
    const flows = await this.flows.findBy({ scope: In(scopes) });
    const now = this.clock.now();
    return new Map(flows.map((flow) => [flow.scope, Math.max(0, flow[share] / US - now)]));
  }

  /** What is full flows over: time that passed before is worth no more than now. */
  private async subtract({ scope, shares }: Draw): Promise<boolean> {
    const now = this.clock.now() * US;
    const changes = entriesOf(shares).map(([share, { costMs }]) => {
      const column = raw(share);
      return sql`${column} = CASE WHEN ${column} > ${now} THEN ${column} ELSE ${now} END + ${costUs(costMs)}`;
    });
    const enough = entriesOf(shares).map(
      ([share, take]) => sql`${raw(share)} <= ${this.latestUs(take)}`,
    );
    const statement = sql`SET ${join(changes)} WHERE scope = ${scope} AND ${join(enough, ' AND ')}`;
    return (await this.update(statement)) === 1;
  }

  /** The latest moment to be full again that leaves enough for a message. */
  private latestUs({ costMs, depthMs }: Take): number {
    return this.clock.now() * US + Math.round(depthMs * US) - costUs(costMs);
  }

  private update(rest: Sql): Promise<number> {
    const statement = sql`UPDATE ${this.table} ${rest}`;
    return retrying(() => change(this.dataSource, statement), isDeadlock);
  }

  private async open(scope: string): Promise<void> {
    const first = { scope, fresh: 0, home: 0, total: 0 };
    await this.flows.createQueryBuilder().insert().values(first).orIgnore().execute();
  }

  private async purge(): Promise<void> {
    const total = LessThan((this.clock.now() - FULL_AFTER_MS) * US);
    await this.flows.delete({ total });
  }
}

const entriesOf = (shares: Draw['shares']) => Object.entries(shares) as [Share, Take][];

/** Whether it would not even fit into a full bucket. */
const isBeyond = ({ shares }: Draw) =>
  entriesOf(shares).some(([, { costMs, depthMs }]) => costMs > depthMs);

const costUs = (costMs: number) => Math.max(1, Math.floor(costMs * US));
