import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Clock } from '../common/clock';
import { RedactingLogger } from '../common/redacting-logger';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import { orWarn } from '../observability/or-warn';
import { retrying } from '../storage/retrying';
import { isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { shareOf } from './sms-shares';
import { SmsSpend } from './sms-spend.entity';

const TOTAL = '*';
/** Per cent of a budget at which an alert is logged. */
const ALERTS = [100, 80];

type Share = 'total' | 'fresh';
type Row = Pick<SmsSpend, 'day' | 'scope'>;

export interface Spending {
  readonly scopes: readonly string[];
  /** `fresh`: from what strangers may use. */
  readonly share: Share;
  /** Millionths. */
  readonly price: number;
}

/** The record of what each day (UTC) cost, which is never more than its budget, and the alerts. */
@Injectable()
export class SmsSpendService {
  private readonly logger = new RedactingLogger(SmsSpendService.name);

  constructor(
    private readonly clock: Clock,
    private readonly env: Env,
    private readonly metrics: MetricsService,
    @InjectRepository(SmsSpend, TANDEM) private readonly spend: Repository<SmsSpend>,
  ) {}

  /** @returns whether the budgets of the day allow it; if not, nothing is spent. */
  async add({ scopes, share, price }: Spending): Promise<boolean> {
    const day = this.today();
    const taken: string[] = [];
    for (const scope of scopes) {
      const row = { day, scope };
      const isTaken = await retrying(() => this.take(row, share, price), isDeadlock);
      await this.attempt(() => this.report(row, isTaken ? undefined : share));
      if (!isTaken) {
        await this.giveBack({ scopes: taken, share, price });
        return false;
      }
      taken.push(scope);
    }
    return true;
  }

  async giveBack({ scopes, share, price }: Spending): Promise<void> {
    for (const scope of scopes) {
      await this.attempt(() => this.change({ day: this.today(), scope }, share, -price));
    }
  }

  /** Notes that a scope had not enough left for a message. */
  async refused({ scopes, share }: Spending, scope: string): Promise<void> {
    if (!scopes.includes(scope)) return;
    const row = { day: this.today(), scope };
    await this.attempt(async () => {
      await this.open(row);
      await this.report(row, share);
    });
  }

  /** Days begin at midnight UTC. */
  millisecondsOfDayLeft(): number {
    return 86_400_000 - (this.clock.now() % 86_400_000);
  }

  private attempt(step: () => Promise<unknown>): Promise<void> {
    return orWarn(this.logger, 'SMS spend could not be recorded', step);
  }

  private async take(row: Row, share: Share, price: number): Promise<boolean> {
    if (await this.change(row, share, price)) return true;
    // Also when the row is there now: a parallel first message of the day may have inserted it since.
    if (!(await this.spend.existsBy(row))) await this.open(row);
    return this.change(row, share, price);
  }

  private async open(row: Row): Promise<void> {
    const first = { ...row, total: 0, fresh: 0, totalAlert: 0, freshAlert: 0 };
    await this.spend.createQueryBuilder().insert().values(first).orIgnore().execute();
  }

  /** @returns whether the budgets allow it, in one statement. */
  private async change(row: Row, share: Share, price: number): Promise<boolean> {
    const shares: Share[] = share === 'fresh' ? ['total', 'fresh'] : ['total'];
    const { affected } = await this.spend
      .createQueryBuilder()
      .update()
      .set(Object.fromEntries(shares.map((one) => [one, () => `${one} + :price`])))
      .where(row)
      .andWhere(shares.map((one) => `(:price < 0 OR ${one} + :price <= :${one})`).join(' AND '))
      .setParameters({ price, ...this.budgetsOf(row) })
      .execute();
    return affected === 1;
  }

  private budgetsOf({ scope }: Row): Record<Share, number> {
    const total = Math.round(this.env.SMS_BUDGET_DAILY[scope]! * 1e6);
    return { total, fresh: Math.round(shareOf('fresh', total, this.env.SMS_BUDGET_RESERVE)) };
  }

  /** @param refused the share that had not enough left. */
  private async report(row: Row, refused?: Share): Promise<void> {
    const spent = await this.spend.findOneByOrFail(row);
    const budgets = this.budgetsOf(row);
    for (const share of ['total', 'fresh'] as const) {
      const used = (spent[share] / Math.max(1, budgets[share])) * 100;
      this.metrics.smsBudgetUsed(row.scope, share, used / 100);
      const level = share === refused ? 100 : (ALERTS.find((per) => used >= per) ?? 0);
      if (level > spent[`${share}Alert`]) await this.alert(row, share, level);
    }
  }

  /** Once a day, budget and level, whichever node gets there first. */
  private async alert(row: Row, share: Share, level: number): Promise<void> {
    const column = `${share}Alert` as const;
    const { affected } = await this.spend
      .createQueryBuilder()
      .update()
      .set({ [column]: level })
      .where(row)
      .andWhere(`${share}_alert < :level`, { level })
      .execute();
    if (affected !== 1) return;
    this.metrics.smsBudgetAlert(row.scope, share, level);
    const what = level === 100 ? 'all that may be spent now' : `${level} % of today's budget`;
    const whose = share === 'fresh' ? ' by strangers' : '';
    const where = row.scope === TOTAL ? '' : ` for ${row.scope}`;
    this.logger.error(`SMS budget: ${what}${where} is spent${whose}`);
  }

  private today(): string {
    return this.clock.date().toISOString().slice(0, 10);
  }
}
