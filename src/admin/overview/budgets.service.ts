import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Env } from '../../config/env';
import { SmsBudgetService } from '../../sms/sms-budget.service';
import { nameIn, rowsOf, select } from '../../storage/queries';
import { type Integer, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import { budgetsOf, type Share } from '../../sms/sms-spend-alerts.service';
import type { BudgetDto } from '../dto/overview.dto';

interface SpendRow {
  scope: string;
  total: Integer;
  fresh: Integer;
}

type Shares = Readonly<Record<Share, number>>;

/** A budget, and how many per cent of it, and of what strangers may spend, are spent today. */
export interface WatchedBudget {
  readonly budget: BudgetDto;
  readonly used: Shares;
}

/** What today's budgets were spent for, and what has flowed in. */
@Injectable()
export class BudgetsService {
  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly sms: SmsBudgetService,
  ) {}

  async today(now: number): Promise<WatchedBudget[]> {
    const day = new Date(now).toISOString().slice(0, 10);
    const [rows, left] = await Promise.all([
      select(
        this.dataSource,
        rowsOf<SpendRow>(sql`SELECT scope, total, fresh
          FROM ${nameIn(this.dataSource, 'sms_spend')} WHERE day = ${day}`),
      ),
      this.sms.leftAtOnce(),
    ]);
    const known = new Map(rows.map((row) => [row.scope, row]));
    return Object.entries(this.env.SMS_BUDGET_DAILY)
      .map(([scope, budget]) => ({
        budget: shown(scope, budget, left.get(scope)!, known.get(scope)),
        used: this.used(scope, known.get(scope)),
      }))
      .toSorted((one, other) => (one.budget.scope < other.budget.scope ? -1 : 1));
  }

  private used(scope: string, row?: SpendRow): Shares {
    const budgets = budgetsOf({ scope }, this.env);
    const share = (name: Share) =>
      Math.floor((Number(row?.[name] ?? 0) / Math.max(1, budgets[name])) * 100);
    return { total: share('total'), fresh: share('fresh') };
  }
}

/** Never more than the day has left: what flows in at its end may be spent after midnight. */
function shown(scope: string, budget: number, atOnce: Shares, row?: SpendRow): BudgetDto {
  const spent = Number(row?.total ?? 0) / 1e6;
  const left = Math.min(atOnce.total, Math.max(0, budget - spent));
  return { scope, budget, spent, left, left_for_strangers: Math.min(atOnce.fresh, left) };
}
