import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Env } from '../../config/env';
import { SmsBudgetService } from '../../sms/sms-budget.service';
import { nameIn, rowsOf, select } from '../../storage/queries';
import { type Integer, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import type { BudgetDto } from '../dto/overview.dto';

interface SpendRow {
  scope: string;
  total: Integer;
  total_alert: Integer;
  fresh_alert: Integer;
}

/** A budget, and the highest per cent of it, and of what strangers may spend, that was told of today: 0, 80 or 100. */
export interface WatchedBudget {
  readonly budget: BudgetDto;
  readonly told: Shares;
}

type Shares = Readonly<Record<'total' | 'fresh', number>>;

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
        rowsOf<SpendRow>(sql`SELECT scope, total, total_alert, fresh_alert
          FROM ${nameIn(this.dataSource, 'sms_spend')} WHERE day = ${day}`),
      ),
      this.sms.leftAtOnce(),
    ]);
    const known = new Map(rows.map((row) => [row.scope, row]));
    return Object.entries(this.env.SMS_BUDGET_DAILY)
      .map(([scope, budget]) => watched(scope, budget, left.get(scope)!, known.get(scope)))
      .toSorted((one, other) => (one.budget.scope < other.budget.scope ? -1 : 1));
  }
}

/** Never more than the day has left: what flows in at its end may be spent after midnight. */
function watched(scope: string, budget: number, atOnce: Shares, row?: SpendRow): WatchedBudget {
  const spent = Number(row?.total ?? 0) / 1e6;
  const left = Math.min(atOnce.total, Math.max(0, budget - spent));
  return {
    budget: { scope, budget, spent, left, left_for_strangers: Math.min(atOnce.fresh, left) },
    told: { total: Number(row?.total_alert ?? 0), fresh: Number(row?.fresh_alert ?? 0) },
  };
}
