import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { byIndex, change, nameIn, rowsOf, select } from '../storage/queries';
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

  constructor(@InjectDataSource(TANDEM) private readonly dataSource: DataSource) {
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
   * Ends those of prefixes that have numbers in common with a target, which counts their codes anew.
   *
   * @param target as `blockTarget` spells it. @returns how many there were.
   */
  async lift(target: string): Promise<number> {
    const start = target.replace('*', '');
    const paused = await this.list();
    const prefixes = paused.map(({ prefix }) => prefix).filter((prefix) => overlaps(prefix, start));
    if (prefixes.length === 0) return 0;
    await change(
      this.dataSource,
      sql`DELETE FROM ${this.table} WHERE scope IN (${join(prefixes)})`,
    );
    return prefixes.length;
  }
}

const overlaps = (one: string, other: string) => one.startsWith(other) || other.startsWith(one);
