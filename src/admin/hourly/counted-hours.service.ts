import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Snowflake } from '../../common/snowflake';
import { LeasesService } from '../../events/leases.service';
import { byIndex, nameIn, rowsOf, select, type Selection } from '../../storage/queries';
import { type Integer, raw, type Sql, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import { type CountedAction, countedMessages } from './counted';
import { HOUR_MS, HOURLY } from './hours';

/** From a moment on, and up to another one, in steps of one length; all in milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

/** What was sent to a country by a provider in a step; price in millionths. */
export interface MessageCounts {
  readonly start: number;
  readonly country: string;
  readonly provider: string;
  readonly messages: number;
  readonly sent: number;
  readonly used: number;
  readonly price: number;
}

export interface ActionCounts {
  readonly start: number;
  readonly events: number;
}

/**
 * What was done in each step of a time: from the hours that are counted, and from the rows themselves for what is newer.
 * With steps shorter than an hour, which few ask for and only of the last one, from the rows alone.
 */
@Injectable()
export class CountedHoursService {
  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly leases: LeasesService,
  ) {}

  /** A step may come twice: from both. */
  async messages(of: Stretch): Promise<MessageCounts[]> {
    const live = await this.firstLive(of);
    const rows = await Promise.all([
      this.select(this.messageHours({ ...of, to: live })),
      this.select(this.messageRows({ ...of, from: live })),
    ]);
    return rows.flat().map(({ step, country, provider, messages, sent, used, price }) => ({
      start: Number(step),
      country,
      provider,
      messages: Number(messages),
      sent: Number(sent),
      used: Number(used),
      price: Number(price),
    }));
  }

  /** A step may come twice: from both. */
  async actions(action: CountedAction, of: Stretch): Promise<ActionCounts[]> {
    const live = await this.firstLive(of);
    const [hours, rows] = await Promise.all([
      this.select(this.actionHours(action, { ...of, to: live })),
      this.select(this.actionRows(action, of, live)),
    ]);
    const width = Snowflake.span(of.stepMs);
    return [
      ...hours.map(({ step, events }) => ({ start: Number(step), events: Number(events) })),
      ...rows.map(({ rest, events }) => ({
        start: of.from + Number(BigInt(rest) / width) * of.stepMs,
        events: Number(events),
      })),
    ];
  }

  /** Hours before are counted. */
  private async firstLive({ from, to, stepMs }: Stretch): Promise<number> {
    if (stepMs < HOUR_MS) return from;
    const counted = Number(await this.leases.positionOf(HOURLY)) * HOUR_MS;
    return Math.min(Math.max(from, counted), to);
  }

  private messageHours({ from, to, stepMs }: Stretch): Selection<MessageRow> {
    return rowsOf(sql`SELECT start - start % ${stepMs} AS step, country, provider,
        SUM(messages) AS messages, SUM(sent) AS sent, SUM(used) AS used, SUM(price) AS price
      FROM ${this.name('message_hours')} WHERE start >= ${from} AND start < ${to}
      GROUP BY step, country, provider`);
  }

  private messageRows({ from, to, stepMs }: Stretch): Selection<MessageRow> {
    return rowsOf(sql`SELECT created_at - created_at % ${stepMs} AS step, country, provider,
        ${countedMessages}
      FROM ${this.name('sms_deliveries')} WHERE created_at >= ${from} AND created_at < ${to}
      GROUP BY step, country, provider`);
  }

  private actionHours(action: string, { from, to, stepMs }: Stretch): Selection<ActionRow> {
    return rowsOf(sql`SELECT start - start % ${stepMs} AS step, SUM(events) AS events
      FROM ${this.name('action_hours')}
      WHERE start >= ${from} AND start < ${to} AND action = ${action} GROUP BY step`);
  }

  /** Ids begin with the time: the index of actions and ids has all that is asked. */
  private actionRows(
    action: string,
    { from, to, stepMs }: Stretch,
    live: number,
  ): Selection<RestRow> {
    // In the text: MySQL reckons with what is given as a text in floating point.
    const [first, width] = [raw(Snowflake.firstOf(from)), raw(String(Snowflake.span(stepMs)))];
    return rowsOf(sql`SELECT (id - ${first}) - (id - ${first}) % ${width} AS rest, COUNT(*) AS events
      FROM ${this.name('audit_events')} ${byIndex(this.dataSource, 'ix_audit_events_action')}
      WHERE action = ${action} AND id >= ${Snowflake.firstOf(live)} AND id < ${Snowflake.firstOf(to)}
      GROUP BY rest`);
  }

  private select<R>(selection: Selection<R>): Promise<R[]> {
    return select(this.dataSource, selection);
  }

  private name(table: string): Sql {
    return nameIn(this.dataSource, table);
  }
}

interface MessageRow {
  step: Integer;
  country: string;
  provider: string;
  messages: Integer;
  sent: Integer;
  used: Integer;
  price: Integer;
}

interface ActionRow {
  step: Integer;
  events: Integer;
}

interface RestRow {
  rest: Integer;
  events: Integer;
}
