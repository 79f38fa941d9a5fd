import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Snowflake } from '../../common/snowflake';
import { byIndex, nameIn, rowsOf, select } from '../../storage/queries';
import { type Integer, raw, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import type { JobDto, OverviewStepDto } from '../dto/overview.dto';
import type { Span } from './span';

/** Messages whose time to their receipt is looked at. */
const TIMED = 1000;
const MOST_JOBS = 50;

type Counts = Map<number, number>;

/** What was done in each step of a range: counted by indexes alone, but for messages, whose rows are read. */
@Injectable()
export class ActivityCountsService {
  constructor(@InjectDataSource(TANDEM) private readonly dataSource: DataSource) {}

  async steps(span: Span): Promise<OverviewStepDto[]> {
    const [logins, firstLogins, messages] = await Promise.all([
      this.events('session.started', span),
      this.events('user.created', span),
      this.messages(span),
    ]);
    return span.starts.map((from) => ({
      from: new Date(from),
      logins: logins.get(from) ?? 0,
      first_logins: firstLogins.get(from) ?? 0,
      sent: messages.get(from)?.sent ?? 0,
      used: messages.get(from)?.used ?? 0,
    }));
  }

  /** In milliseconds, ascending. */
  async timesToDelivered({ starts: [first] }: Span): Promise<number[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<{ time: Integer }>(sql`SELECT delivered_at - created_at AS time
        FROM ${nameIn(this.dataSource, 'sms_deliveries')}
        WHERE created_at >= ${first!} AND delivered_at IS NOT NULL
        ORDER BY created_at DESC LIMIT ${TIMED}`),
    );
    return rows.map(({ time }) => Math.max(0, Number(time))).toSorted((a, b) => a - b);
  }

  async jobs(): Promise<JobDto[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<JobRow>(sql`SELECT name, holder, expires_at
        FROM ${nameIn(this.dataSource, 'leases')} ORDER BY name LIMIT ${MOST_JOBS}`),
    );
    return rows.map(({ name, holder, expires_at: expiresAt }) => ({
      name,
      holder,
      held_until: new Date(Number(expiresAt)),
    }));
  }

  /** Ids begin with the time: the index of actions and ids has all that is asked. */
  private async events(action: string, { starts, stepMs }: Span): Promise<Counts> {
    const first = Snowflake.firstOf(starts[0]!);
    const width = BigInt(Snowflake.firstOf(starts[0]! + stepMs)) - BigInt(first);
    const table = nameIn(this.dataSource, 'audit_events');
    // In the text: MySQL reckons with what is given as a text in floating point.
    const from = raw(first);
    const rows = await select(
      this.dataSource,
      rowsOf<{
        rest: Integer;
        count: Integer;
      }>(sql`SELECT (id - ${from}) - (id - ${from}) % ${raw(String(width))} AS rest, COUNT(*) AS count
        FROM ${table} ${byIndex(this.dataSource, 'ix_audit_events_action')}
        WHERE action = ${action} AND id >= ${first} GROUP BY rest`),
    );
    return new Map(
      rows.map(({ rest, count }) => [
        starts[0]! + Number(BigInt(rest) / width) * stepMs,
        Number(count),
      ]),
    );
  }

  private async messages({ starts, stepMs }: Span): Promise<Map<number, MessageCounts>> {
    const rows = await select(
      this.dataSource,
      rowsOf<MessageRow>(sql`SELECT created_at - created_at % ${stepMs} AS start,
          SUM(CASE WHEN outcome = 'sent' THEN 1 ELSE 0 END) AS sent,
          SUM(CASE WHEN verified_at IS NULL THEN 0 ELSE 1 END) AS used
        FROM ${nameIn(this.dataSource, 'sms_deliveries')}
        WHERE created_at >= ${starts[0]!} GROUP BY start`),
    );
    return new Map(
      rows.map(({ start, sent, used }) => [
        Number(start),
        { sent: Number(sent), used: Number(used) },
      ]),
    );
  }
}

interface MessageCounts {
  readonly sent: number;
  readonly used: number;
}

interface MessageRow {
  start: Integer;
  sent: Integer;
  used: Integer;
}

interface JobRow {
  name: string;
  holder: string;
  expires_at: Integer;
}
