import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { By, Change } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { atomically, byIndex, nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, join, type Sql, sql } from '../storage/sql';
import { readClock } from '../storage/sql-clock';
import { TANDEM } from '../storage/tandem';
import {
  MIN_VOLUME,
  PUMPED_SHARE,
  TYPING_MINUTES,
  WINDOW_MINUTES,
} from './conversion-monitor.service';

const MINUTE_MS = 60_000;

/** A prefix of which too few codes are used. */
export interface MonitorPause {
  readonly prefix: string;
  readonly sent: number;
  readonly used: number;
}

/** The pauses that `ConversionMonitorService` has made, for operators. */
@Injectable()
export class MonitorPausesService {
  private readonly table: Sql;

  constructor(
    private readonly changes: ChangesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
  ) {
    this.table = nameIn(dataSource, 'sms_conversions');
  }

  async list(): Promise<MonitorPause[]> {
    const now = Math.floor((await readClock(this.dataSource)) / MINUTE_MS);
    const rows = await select(
      this.dataSource,
      rowsOf<{ scope: string; sent: Integer; verified: Integer }>(sql`
        SELECT scope, SUM(sent) AS sent, SUM(verified) AS verified FROM ${this.table} ${byIndex(this.dataSource, 'ix_sms_conversions_minute')}
        WHERE minute BETWEEN ${now - WINDOW_MINUTES} AND ${now - TYPING_MINUTES - 1}
        GROUP BY scope ORDER BY scope`),
    );
    return rows
      .map((row) => ({ prefix: row.scope, sent: Number(row.sent), used: Number(row.verified) }))
      .filter(({ sent, used }) => sent >= MIN_VOLUME && used / sent < PUMPED_SHARE);
  }

  /**
   * Ends those of prefixes that have numbers in common with a target, which counts their codes anew. It is told here, and
   * not once more when the end is noticed.
   *
   * @param target as `blockTarget` spells it. @returns how many there were.
   */
  async lift(target: string, by: By): Promise<number> {
    const start = target.replace('*', '');
    const paused = await this.list();
    const prefixes = paused.map(({ prefix }) => prefix).filter((prefix) => overlaps(prefix, start));
    const [first, ...others] = prefixes.map((prefix) => resumed(prefix, by));
    if (!first) return 0;
    const which = join(prefixes);
    await atomically(this.dataSource, {
      ...this.changes.tell(first, ...others),
      told: sql`DELETE FROM ${nameIn(this.dataSource, 'sms_pauses')} WHERE prefix IN (${which})`,
      counted: sql`DELETE FROM ${this.table} WHERE scope IN (${which})`,
    });
    return prefixes.length;
  }
}

const resumed = (prefix: string, by: By): Change => ({
  action: 'sms.resumed',
  ...by,
  detail: { prefix: `${prefix}*` },
});

const overlaps = (one: string, other: string) => one.startsWith(other) || other.startsWith(one);
