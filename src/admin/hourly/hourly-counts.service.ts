import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../../common/clock';
import { Snowflake } from '../../common/snowflake';
import { Env } from '../../config/env';
import { LeasedJobsService } from '../../events/leased-jobs.service';
import { LeasesService } from '../../events/leases.service';
import { dialectOf } from '../../storage/dialects/dialects';
import { atomically, change, nameIn, rowsOf, select } from '../../storage/queries';
import { retrying } from '../../storage/retrying';
import { type Integer, join, type Sql, sql } from '../../storage/sql';
import { isDeadlock } from '../../storage/sql-errors';
import { TANDEM } from '../../storage/tandem';
import { COUNTED_ACTIONS, countedMessages } from './counted';
import { HOUR_MS, HOURLY, hourOf } from './hours';

const COUNT_MS = 30_000;
/** A run ends after so long, while there is more to catch up with. */
const RUN_MS = 15_000;
/** After the last code of an hour has expired, for what is recorded late. */
const LATE_MS = 10 * 60_000;
/** As long as messages are kept. */
const RETENTION_HOURS = 90 * 24;

/**
 * Counts what was done in each hour once nothing of it changes any more. An hour that is counted twice, by a node that has
 * lost the lease, has the same counts, and those of the first stay.
 */
@Injectable()
export class HourlyCountsService {
  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    jobs: LeasedJobsService,
    private readonly leases: LeasesService,
  ) {
    jobs.every(HOURLY, COUNT_MS, () => leases.during(HOURLY, () => this.count()));
  }

  async count(): Promise<void> {
    const settled = hourOf(this.clock.now() - this.env.CODE_TTL * 1000 - LATE_MS);
    const position = await this.leases.positionOf(HOURLY);
    const first = await this.firstOf(Number(position), settled);
    if (first >= settled) return;
    const end = this.clock.elapsed() + RUN_MS;
    let from = position;
    for (let hour = first; hour < settled && this.clock.elapsed() < end; hour++) {
      const { moved } = await retrying(() => this.countHour(hour, from), isDeadlock);
      if (moved !== 1) return;
      from = String(hour + 1);
    }
    await this.forget(settled - RETENTION_HOURS);
  }

  private countHour(hour: number, from: string) {
    return atomically(this.dataSource, {
      messages: this.countingMessages(hour),
      actions: this.countingActions(hour),
      moved: this.leases.fence(HOURLY, from, String(hour + 1)),
    });
  }

  private countingMessages(hour: number): Sql {
    const { start, end } = boundsOf(hour);
    return this.insertion(
      'message_hours',
      sql`(start, country, provider, messages, sent, used, price)
        SELECT ${start}, country, provider, ${countedMessages}
        FROM ${nameIn(this.dataSource, 'sms_deliveries')}
        WHERE created_at >= ${start} AND created_at < ${end} GROUP BY country, provider`,
    );
  }

  private countingActions(hour: number): Sql {
    const { start, end } = boundsOf(hour);
    const [first, beyond] = [Snowflake.firstOf(start), Snowflake.firstOf(end)];
    return this.insertion(
      'action_hours',
      sql`(start, action, events) SELECT ${start}, action, COUNT(*)
        FROM ${nameIn(this.dataSource, 'audit_events')}
        WHERE action IN (${join(COUNTED_ACTIONS)}) AND id >= ${first} AND id < ${beyond}
        GROUP BY action`,
    );
  }

  private insertion(table: string, rest: Sql): Sql {
    const insert = dialectOf(this.dataSource).insertUnlessThere;
    return sql`${insert} INTO ${nameIn(this.dataSource, table)} ${rest}`;
  }

  /** Without what there never was, and what is not kept. */
  private async firstOf(position: number, settled: number): Promise<number> {
    if (position > 0) return position;
    const oldest = await Promise.all([
      this.oldest(sql`SELECT created_at AS at FROM ${nameIn(this.dataSource, 'sms_deliveries')}
        ORDER BY created_at LIMIT 1`),
      this.oldest(sql`SELECT at FROM ${nameIn(this.dataSource, 'audit_events')}
        ORDER BY id LIMIT 1`),
    ]);
    return Math.max(settled - RETENTION_HOURS, hourOf(Math.min(...oldest)));
  }

  private async oldest(statement: Sql): Promise<number> {
    const [row] = await select(this.dataSource, rowsOf<{ at: Integer }>(statement));
    return row ? Number(row.at) : Infinity;
  }

  private async forget(before: number): Promise<void> {
    for (const table of ['message_hours', 'action_hours']) {
      const { start } = boundsOf(before);
      const name = nameIn(this.dataSource, table);
      await change(this.dataSource, sql`DELETE FROM ${name} WHERE start < ${start}`);
    }
  }
}

const boundsOf = (hour: number) => ({ start: hour * HOUR_MS, end: (hour + 1) * HOUR_MS });
