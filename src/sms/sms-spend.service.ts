import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import { RedactingLogger } from '../common/redacting-logger';
import { Env } from '../config/env';
import { orWarn } from '../observability/or-warn';
import {
  atomically,
  change,
  ifChanged,
  insertionUnlessThere,
  nameIn,
  rowsOf,
  select,
  type Selection,
} from '../storage/queries';
import { retrying } from '../storage/retrying';
import { type Integer, join, NOTHING, raw, type Sql, sql } from '../storage/sql';
import { isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import {
  budgetsOf,
  isOf,
  type Row,
  type Share,
  SmsSpendAlertsService,
  type Spent,
} from './sms-spend-alerts.service';

interface SpentRow {
  total: Integer;
  fresh: Integer;
  total_alert: Integer;
  fresh_alert: Integer;
}

export interface SpentInScope extends SpentRow, Record<string, unknown> {
  scope: string;
}

const SPENT = raw('total, fresh, total_alert, fresh_alert');

interface Taken {
  readonly isTaken: boolean;
  /** Undefined while nobody has spent anything today. */
  readonly spent: Spent | undefined;
}

export interface Spending {
  readonly scopes: readonly string[];
  /** `fresh`: from what strangers may use. */
  readonly share: Share;
  /** Millionths. */
  readonly price: number;
}

/** The record of what each day (UTC) cost, which is never more than its budget. */
@Injectable()
export class SmsSpendService {
  private readonly logger = new RedactingLogger(SmsSpendService.name);
  private readonly table: Sql;

  constructor(
    private readonly alerts: SmsSpendAlertsService,
    private readonly clock: Clock,
    private readonly env: Env,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
  ) {
    this.table = nameIn(dataSource, 'sms_spend');
  }

  /** @returns whether the budgets of the day allow it; if not, nothing is spent. */
  async add({ scopes, share, price }: Spending): Promise<boolean> {
    const day = this.today();
    const taken: string[] = [];
    for (const scope of scopes) {
      const row = { day, scope };
      const { isTaken, spent } = await this.take(row, share, price);
      await this.attempt(() => this.alerts.report(row, spent, isTaken ? undefined : share));
      if (!isTaken) {
        await this.giveBack({ scopes: taken, share, price });
        return false;
      }
      taken.push(scope);
    }
    return true;
  }

  /** {@link add} as statements of a transaction, where the one before them has changed a row. */
  additions({ scopes, share, price }: Spending): { added: Sql[]; spent: Sql } {
    const day = this.today();
    const added = scopes.map((scope) => {
      const addition = this.addition({ day, scope }, share, price);
      return sql`${addition} AND ${ifChanged(this.dataSource)}`;
    });
    const spent = sql`SELECT scope, ${SPENT} FROM ${this.table}
      WHERE day = ${day} AND scope IN (${join(scopes)})`;
    return { added, spent };
  }

  /** Reports what {@link additions} have come to. */
  async added(rows: readonly SpentInScope[]): Promise<void> {
    const day = this.today();
    for (const row of rows)
      await this.attempt(() => this.alerts.report({ day, scope: row.scope }, spentOf(row)));
  }

  /** Whether {@link add} would take it, with nothing spent. */
  async allows({ scopes, share, price }: Spending): Promise<boolean> {
    for (const scope of scopes) {
      const row = { day: this.today(), scope };
      const [spent, budgets] = [await this.find(row), budgetsOf(row, this.env)];
      if (sharesOf(share).some((one) => (spent?.[one] ?? 0) + price > budgets[one])) return false;
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
      await this.alerts.report(row, await this.find(row), share);
    });
  }

  /** Days begin at midnight UTC. */
  millisecondsOfDayLeft(): number {
    return 86_400_000 - (this.clock.now() % 86_400_000);
  }

  private attempt(step: () => Promise<unknown>): Promise<void> {
    return orWarn(this.logger, 'SMS spend could not be recorded', step);
  }

  private async take(row: Row, share: Share, price: number): Promise<Taken> {
    const taken = await this.change(row, share, price);
    if (taken.isTaken) return taken;
    // A parallel first message of the day may have opened it between the two statements.
    await this.open(row);
    return this.change(row, share, price);
  }

  private async open({ day, scope }: Row): Promise<void> {
    const first = { day, scope, total: 0, fresh: 0, total_alert: 0, fresh_alert: 0 };
    await change(this.dataSource, insertionUnlessThere(this.dataSource, this.table, first));
  }

  /** One call, which tells what is spent then. */
  private async change(row: Row, share: Share, price: number): Promise<Taken> {
    const statements = { changed: this.addition(row, share, price), rows: this.selection(row) };
    const { changed, rows } = await retrying(
      () => atomically(this.dataSource, statements),
      isDeadlock,
    );
    return { isTaken: changed === 1, spent: rows.map(spentOf)[0] };
  }

  /** If the budgets allow it, which one statement decides. */
  private addition(row: Row, share: Share, price: number): Sql {
    const budgets = budgetsOf(row, this.env);
    const shares = sharesOf(share);
    const sums = shares.map((one) => sql`${raw(one)} = ${raw(one)} + ${price}`);
    const room = shares.map((one) => sql`${raw(one)} + ${price} <= ${budgets[one]}`);
    const allowed = price < 0 ? NOTHING : sql` AND ${join(room, ' AND ')}`;
    return sql`UPDATE ${this.table} SET ${join(sums)} WHERE ${isOf(row)}${allowed}`;
  }

  private async find(row: Row): Promise<Spent | undefined> {
    return (await select(this.dataSource, this.selection(row))).map(spentOf)[0];
  }

  private selection(row: Row): Selection<SpentRow> {
    return rowsOf(sql`SELECT ${SPENT} FROM ${this.table} WHERE ${isOf(row)}`);
  }

  private today(): string {
    return this.clock.date().toISOString().slice(0, 10);
  }
}

/** What strangers spend is spent in total, too. */
const sharesOf = (share: Share): Share[] => (share === 'fresh' ? ['total', 'fresh'] : ['total']);

function spentOf(row: SpentRow): Spent {
  const alerts = { total: Number(row.total_alert), fresh: Number(row.fresh_alert) };
  return { total: Number(row.total), fresh: Number(row.fresh), alerts };
}
