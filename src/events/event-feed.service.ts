import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import { BATCH } from '../storage/batches';
import { change, nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, join, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import type { EventType } from './event-types';
import { LeasedJobsService } from './leased-jobs.service';

const KEPT_MS = 30 * 86_400_000;
const PURGE_MS = 3_600_000;

/** An event as it is stored, once it has its place. */
export interface NumberedEvent {
  readonly id: string;
  /** In epoch milliseconds. */
  readonly at: number;
  readonly type: EventType;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly position: string;
}

/** Reads events in their order, and forgets them after 30 days. */
@Injectable()
export class EventFeedService {
  private readonly outbox: Sql;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    jobs: LeasedJobsService,
  ) {
    this.outbox = nameIn(dataSource, 'outbox');
    jobs.every('purge of events', PURGE_MS, () => this.purge());
  }

  /** Those behind a place, in order: none of them, and none between them, comes later. */
  async readAfter(position: string, limit: number): Promise<NumberedEvent[]> {
    const first = await this.firstAfter(position);
    if (first === undefined) return [];
    // Without gaps: a planner that knew only the limit would expect to read all that follows.
    const last = String(BigInt(first) + BigInt(limit - 1));
    const rows = await select(
      this.dataSource,
      rowsOf<EventRow>(sql`SELECT id, at, type, user_id, session_id, data, position FROM ${this.outbox}
        WHERE position BETWEEN ${first} AND ${last} ORDER BY position`),
    );
    return rows.map(eventOf);
  }

  private async firstAfter(position: string): Promise<string | undefined> {
    const [row] = await select(
      this.dataSource,
      rowsOf<{ first: Integer | null }>(
        sql`SELECT MIN(position) AS first FROM ${this.outbox} WHERE position > ${position}`,
      ),
    );
    return row?.first == null ? undefined : String(row.first);
  }

  /** The place of the newest event. */
  async lastPosition(): Promise<string> {
    const [row] = await select(
      this.dataSource,
      rowsOf<{ last: Integer | null }>(sql`SELECT MAX(position) AS last FROM ${this.outbox}`),
    );
    return String(row?.last ?? 0);
  }

  async purge(): Promise<void> {
    const keptSince = this.clock.now() - KEPT_MS;
    for (;;) {
      const oldest = await this.readAfter('0', BATCH);
      const ids = oldest.filter(({ at }) => at < keptSince).map(({ id }) => id);
      if (ids.length > 0) await this.delete(ids);
      if (ids.length < BATCH) return;
    }
  }

  private async delete(ids: string[]): Promise<void> {
    await change(this.dataSource, sql`DELETE FROM ${this.outbox} WHERE id IN (${join(ids)})`);
  }
}

interface EventRow {
  id: Integer;
  at: Integer;
  type: EventType;
  user_id: Integer | null;
  session_id: Integer | null;
  data: string | null;
  position: Integer;
}

function eventOf({ id, at, type, user_id, session_id, data, position }: EventRow): NumberedEvent {
  return {
    id: String(id),
    at: Number(at),
    type,
    userId: textOrNull(user_id),
    sessionId: textOrNull(session_id),
    data: data === null ? {} : (JSON.parse(data) as Record<string, unknown>),
    position: String(position),
  };
}

const textOrNull = (value: Integer | null) => (value === null ? null : String(value));
