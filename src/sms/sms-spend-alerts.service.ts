import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { SYSTEM } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { RedactingLogger } from '../common/redacting-logger';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import { atomically, forUpdate, nameIn } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { raw, type Sql, sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { shareOf } from './sms-shares';
import type { SmsSpend } from './sms-spend.entity';

const TOTAL = '*';
/** Per cent of a budget at which an alert is logged. */
const ALERTS = [100, 80];

export type Share = 'total' | 'fresh';
export type Row = Pick<SmsSpend, 'day' | 'scope'>;

/** What a scope has spent today, and the highest per cent of it that was reported. */
export interface Spent extends Record<Share, number> {
  readonly alerts: Record<Share, number>;
}

/** Tells of a budget that is nearly spent: as a metric each time, in the log and as an event once. */
@Injectable()
export class SmsSpendAlertsService {
  private readonly logger = new RedactingLogger(SmsSpendAlertsService.name);
  private readonly table: Sql;

  constructor(
    private readonly changes: ChangesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly metrics: MetricsService,
  ) {
    this.table = nameIn(dataSource, 'sms_spend');
  }

  /** @param refused the share that had not enough left. */
  async report(row: Row, spent: Spent | undefined, refused?: Share): Promise<void> {
    if (!spent) return;
    const budgets = budgetsOf(row, this.env);
    for (const share of ['total', 'fresh'] as const) {
      const used = (spent[share] / Math.max(1, budgets[share])) * 100;
      this.metrics.smsBudgetUsed(row.scope, share, used / 100);
      const level = share === refused ? 100 : (ALERTS.find((per) => used >= per) ?? 0);
      if (level > spent.alerts[share]) await this.alert(row, share, level);
    }
  }

  /** Once a day, budget and level, whichever node gets there first. */
  private async alert(row: Row, share: Share, level: number): Promise<void> {
    const column = raw(`${share}_alert`);
    const isLower = sql`${isOf(row)} AND ${column} < ${level}`;
    const note = () =>
      atomically(this.dataSource, {
        ...this.changes.tell({
          action: 'sms.budget',
          actor: SYSTEM,
          detail: { day: row.day, scope: row.scope, share, level },
          when: sql`FROM ${this.table} WHERE ${isLower} ${forUpdate(this.dataSource)}`,
        }),
        noted: sql`UPDATE ${this.table} SET ${column} = ${level} WHERE ${isLower}`,
      });
    if ((await retrying(note, isCollision)).noted !== 1) return;
    this.metrics.smsBudgetAlert(row.scope, share, level);
    const what = level === 100 ? 'all that may be spent now' : `${level} % of today's budget`;
    const whose = share === 'fresh' ? ' by strangers' : '';
    const where = row.scope === TOTAL ? '' : ` for ${row.scope}`;
    this.logger.error(`SMS budget: ${what}${where} is spent${whose}`);
  }
}

/** Of a day, in millionths. */
export function budgetsOf({ scope }: Pick<Row, 'scope'>, env: Env): Record<Share, number> {
  const total = Math.round(env.SMS_BUDGET_DAILY[scope]! * 1e6);
  return { total, fresh: Math.round(shareOf('fresh', total, env.SMS_BUDGET_RESERVE)) };
}

export const isOf = ({ day, scope }: Row) => sql`day = ${day} AND scope = ${scope}`;
