import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { nameIn, rowsOf, select } from '../../storage/queries';
import { type Integer, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import type { OverviewStepDto } from '../dto/overview.dto';
import { CountedHoursService } from '../hourly/counted-hours.service';
import type { Span } from './span';

/** The newest messages that are looked at for receipts. */
const TIMED = 1000;

type Field = Exclude<keyof OverviewStepDto, 'from'>;

/** What was done in each step of a range. */
@Injectable()
export class ActivityCountsService {
  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly hours: CountedHoursService,
  ) {}

  async steps({ starts, stepMs, until }: Span): Promise<OverviewStepDto[]> {
    const of = { from: starts[0]!, to: until + 1, stepMs };
    const [logins, firstLogins, messages] = await Promise.all([
      this.hours.actions('session.started', of),
      this.hours.actions('user.created', of),
      this.hours.messages(of),
    ]);
    const steps = new Map(starts.map((start) => [start, emptyStep(start)]));
    const add = (field: Field, start: number, count: number) => {
      const step = steps.get(start);
      if (step) step[field] += count;
    };
    for (const { start, events } of logins) add('logins', start, events);
    for (const { start, events } of firstLogins) add('first_logins', start, events);
    for (const { start, sent, used } of messages) {
      add('sent', start, sent);
      add('used', start, used);
    }
    return [...steps.values()];
  }

  /** In milliseconds, ascending. */
  async timesToDelivered({ starts: [first] }: Span): Promise<number[]> {
    // Also those without a receipt: where none come, all messages of the range would be looked through.
    const rows = await select(
      this.dataSource,
      rowsOf<{ time: Integer | null }>(sql`SELECT delivered_at - created_at AS time
        FROM ${nameIn(this.dataSource, 'sms_deliveries')}
        WHERE created_at >= ${first!} ORDER BY created_at DESC LIMIT ${TIMED}`),
    );
    return rows
      .flatMap(({ time }) => (time === null ? [] : [Math.max(0, Number(time))]))
      .toSorted((a, b) => a - b);
  }
}

const emptyStep = (start: number): OverviewStepDto => ({
  from: new Date(start),
  logins: 0,
  first_logins: 0,
  sent: 0,
  used: 0,
});
