import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Env } from '../../config/env';
import { nameIn, rowsOf, select } from '../../storage/queries';
import { type Integer, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import type { BudgetDto } from '../dto/overview.dto';

/** What today's budgets were spent for. */
@Injectable()
export class BudgetsService {
  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
  ) {}

  async today(now: number): Promise<BudgetDto[]> {
    const day = new Date(now).toISOString().slice(0, 10);
    const rows = await select(
      this.dataSource,
      rowsOf<{ scope: string; total: Integer }>(sql`SELECT scope, total
        FROM ${nameIn(this.dataSource, 'sms_spend')} WHERE day = ${day}`),
    );
    const spent = new Map(rows.map(({ scope, total }) => [scope, Number(total) / 1e6]));
    return Object.entries(this.env.SMS_BUDGET_DAILY)
      .map(([scope, budget]) => ({ scope, budget, spent: spent.get(scope) ?? 0 }))
      .toSorted((one, other) => (one.scope < other.scope ? -1 : 1));
  }
}
