import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { RedactingLogger } from '../common/redacting-logger';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import { orWarn } from '../observability/or-warn';
import { retrying } from '../storage/retrying';
import { isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import type { Audience } from './sms-delivery.entity';
import { SmsSpend } from './sms-spend.entity';

const TOTAL = '*';
/** Per cent of a budget at which an alert is logged. */
const ALERTS = [100, 80];

/** What a message is about to cost, in millionths. */
export interface Charge {
  readonly country: string;
  readonly audience: Audience;
  readonly price: number;
}

type Share = 'total' | 'fresh';
type Row = Pick<SmsSpend, 'day' | 'scope'>;

/**
 * The daily SMS budgets, in SQL: what was spent must survive a flushed Redis. A part of every budget is
 * reserved for numbers that were verified lately, so that an attack with fresh numbers cannot lock them out.
 */
@Injectable()
export class SmsBudgetService {
  private readonly logger = new RedactingLogger(SmsBudgetService.name);

  constructor(
    @InjectRepository(SmsSpend, TANDEM) private readonly spend: Repository<SmsSpend>,
    private readonly clock: Clock,
    private readonly env: Env,
    private readonly metrics: MetricsService,
  ) {}

  /**
   * Spends the price before the message goes out, so that parallel messages cannot pass a budget
   * together.
   *
   * @returns what gives it back, for a message that did not go out.
   * @throws ApiException `SMS_BUDGET_SPENT`, and nothing is spent.
   */
  async reserve(charge: Charge): Promise<() => Promise<void>> {
    const day = this.today();
    const taken: Row[] = [];
    const refund = () => this.giveBack(taken, charge);
    try {
      for (const scope of this.scopesOf(charge)) {
        const row = { day, scope };
        const isTaken = await retrying(() => this.take(row, charge), isDeadlock);
        if (isTaken) taken.push(row);
        await this.attempt(() => this.report(row, isTaken ? 0 : charge.price));
        if (!isTaken)
          throw new ApiException('SMS_BUDGET_SPENT', { retryAfter: this.secondsOfDayLeft() });
      }
      return refund;
    } catch (error) {
      await refund();
      throw error;
    }
  }

  /** Whether half of what fresh numbers may use is spent: by then they should prove to be people. */
  async isTight(country: string): Promise<boolean> {
    const scope = In([TOTAL, country].filter((name) => name in this.env.SMS_BUDGET_DAILY));
    const rows = await this.spend.findBy({ day: this.today(), scope });
    return rows.some((row) => row.fresh * 2 >= this.budgetsOf(row).fresh);
  }

  private async giveBack(rows: Row[], charge: Charge): Promise<void> {
    for (const row of rows) {
      await this.attempt(() => this.add(row, charge, -charge.price));
    }
  }

  private attempt(step: () => Promise<unknown>): Promise<void> {
    return orWarn(this.logger, 'SMS spend could not be recorded', step);
  }

  private scopesOf({ country, price }: Charge): string[] {
    return price === 0
      ? []
      : [TOTAL, country].filter((scope) => scope in this.env.SMS_BUDGET_DAILY);
  }

  private async take(row: Row, charge: Charge): Promise<boolean> {
    if (await this.add(row, charge, charge.price)) return true;
    // Also when the row is there now: a parallel first message of the day may have inserted it since.
    if (!(await this.spend.existsBy(row))) await this.open(row);
    return this.add(row, charge, charge.price);
  }

  private async open(row: Row): Promise<void> {
    const first = { ...row, total: 0, fresh: 0, totalAlert: 0, freshAlert: 0 };
    await this.spend.createQueryBuilder().insert().values(first).orIgnore().execute();
  }

  /** @returns whether the budgets allow it, in one statement. */
  private async add(row: Row, { audience }: Charge, price: number): Promise<boolean> {
    const shares: Share[] = audience === 'fresh' ? ['total', 'fresh'] : ['total'];
    const { affected } = await this.spend
      .createQueryBuilder()
      .update()
      .set(Object.fromEntries(shares.map((share) => [share, () => `${share} + :price`])))
      .where(row)
      .andWhere(
        shares.map((share) => `(:price < 0 OR ${share} + :price <= :${share})`).join(' AND '),
      )
      .setParameters({ price, ...this.budgetsOf(row) })
      .execute();
    return affected === 1;
  }

  /** Millionths. */
  private budgetsOf({ scope }: Row): Record<Share, number> {
    const total = Math.round(this.env.SMS_BUDGET_DAILY[scope]! * 1e6);
    return { total, fresh: Math.round((total * (100 - this.env.SMS_BUDGET_RESERVE)) / 100) };
  }

  /** @param refused the price that did not fit in. */
  private async report(row: Row, refused: number): Promise<void> {
    const spent = await this.spend.findOneByOrFail(row);
    const budgets = this.budgetsOf(row);
    for (const share of ['total', 'fresh'] as const) {
      const used = (spent[share] / Math.max(1, budgets[share])) * 100;
      this.metrics.smsBudgetUsed(row.scope, share, used / 100);
      const isSpent = spent[share] + refused > budgets[share];
      const level = isSpent ? 100 : (ALERTS.find((per) => used >= per) ?? 0);
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
    const whose = share === 'fresh' ? ' for numbers that were not verified lately' : '';
    const where = row.scope === TOTAL ? '' : ` for ${row.scope}`;
    this.logger.error(`SMS budget: ${level} % of today's budget${where} is spent${whose}`);
  }

  private today(): string {
    return this.clock.date().toISOString().slice(0, 10);
  }

  /** Budgets begin anew at midnight UTC. */
  private secondsOfDayLeft(): number {
    return 86_400 - (Math.floor(this.clock.now() / 1000) % 86_400);
  }
}
