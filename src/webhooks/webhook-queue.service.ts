import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Snowflake } from '../common/snowflake';
import type { EventType } from '../events/event-types';
import { atomically, nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, join, NOTHING, raw, type Sql, sql, type Value } from '../storage/sql';
import { duplicateKey } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import type { CallFailure } from './calls/call-failure';

/** Events that an endpoint is given at a time. */
export const BATCH = 100;

/** An attempt that is to be made. */
export interface Due {
  readonly id: string;
  readonly eventId: string;
  readonly type: EventType;
  /** 0, or the id of a replay. */
  readonly series: string;
  readonly attempt: number;
}

/** An attempt that was made. */
export interface Made {
  readonly due: Due;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly failure?: CallFailure;
  readonly status?: number;
  readonly milliseconds: number;
  /** When to try again. */
  readonly again?: number;
}

interface Receiver {
  readonly id: string;
  readonly position: string;
  wants(type: EventType): boolean;
}

interface DueRow {
  readonly id: Integer;
  readonly event_id: Integer;
  readonly type: EventType;
  readonly series: Integer;
  readonly attempt: Integer;
}

/**
 * What endpoints are to be told, in SQL: a row for each attempt, which is due until it was made. Two nodes that make the same
 * one, as a halted process may, cannot both write what follows from it.
 */
@Injectable()
export class WebhookQueueService {
  private readonly attempts: Sql;
  private readonly endpoints: Sql;
  private readonly outbox: Sql;

  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly ids: Snowflake,
  ) {
    this.attempts = nameIn(dataSource, 'webhook_attempts');
    this.endpoints = nameIn(dataSource, 'webhook_endpoints');
    this.outbox = nameIn(dataSource, 'outbox');
  }

  /** The position of the last event. */
  async newest(): Promise<string> {
    const [row] = await select(
      this.dataSource,
      rowsOf<{ position: Integer | null }>(
        sql`SELECT MAX(position) AS position FROM ${this.outbox}`,
      ),
    );
    return String(row?.position ?? 0);
  }

  /**
   * Makes the next events due for an endpoint that wants them.
   *
   * @returns its new position and what is due; undefined when there was nothing, or another node did.
   */
  async giveOut(
    receiver: Receiver,
    now: number,
  ): Promise<{ position: string; due: Due[] } | undefined> {
    const events = await select(
      this.dataSource,
      rowsOf<{ id: Integer; position: Integer; type: EventType }>(
        sql`SELECT id, position, type FROM ${this.outbox} WHERE position > ${receiver.position}
          ORDER BY position LIMIT ${BATCH}`,
      ),
    );
    if (events.length === 0) return undefined;
    const position = String(events.at(-1)!.position);
    const wanted = events.filter(({ type }) => receiver.wants(type));
    const due = wanted.map(({ id, type }) => this.first(String(id), type));
    const isOurs = await this.move(receiver, position, due, now);
    return isOurs ? { position, due } : undefined;
  }

  /** The oldest first. */
  async due(endpointId: string, now: number, limit: number): Promise<Due[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<DueRow>(sql`SELECT id, event_id, type, series, attempt FROM ${this.attempts}
        WHERE endpoint_id = ${endpointId} AND due_at <= ${now} ORDER BY due_at LIMIT ${limit}`),
    );
    return rows.map(({ id, event_id, type, series, attempt }) => ({
      id: String(id),
      eventId: String(event_id),
      type,
      series: String(series),
      attempt: Number(attempt),
    }));
  }

  /** Writes what became of attempts, and makes the next ones due. */
  async settle(endpointId: string, made: readonly Made[]): Promise<void> {
    const again = made.filter((one) => one.again !== undefined);
    const rows = again.map(({ due, again: at }) =>
      this.row(endpointId, { ...due, id: this.ids.next(), attempt: due.attempt + 1 }, at!),
    );
    try {
      await atomically(this.dataSource, {
        made: this.markMade(made),
        again: rows.length > 0 ? this.insertion(rows) : undefined,
      });
    } catch (error) {
      // Another node has made one of them as well: it settles them.
      if (duplicateKey(error) === undefined) throw error;
    }
  }

  /** Makes events due once more. @returns how many. */
  async replay(endpointId: string, events: readonly Pick<Due, 'eventId' | 'type'>[], now: number) {
    const series = this.ids.next();
    const rows = events.map(({ eventId, type }) =>
      this.row(endpointId, { id: this.ids.next(), eventId, type, series, attempt: 1 }, now),
    );
    for (let from = 0; from < rows.length; from += BATCH) {
      await atomically(this.dataSource, { added: this.insertion(rows.slice(from, from + BATCH)) });
    }
    return rows.length;
  }

  private first(eventId: string, type: EventType): Due {
    return { id: this.ids.next(), eventId, type, series: '0', attempt: 1 };
  }

  /** @returns whether this call did, and no other. */
  private async move(
    { id, position: from }: Receiver,
    to: string,
    due: readonly Due[],
    now: number,
  ): Promise<boolean> {
    const rows = due.map((one) => this.row(id, one, now));
    const moved = sql`FROM ${this.endpoints} WHERE id = ${id} AND position = ${to}`;
    try {
      const done = await atomically(this.dataSource, {
        moved: sql`UPDATE ${this.endpoints} SET position = ${to}
          WHERE id = ${id} AND position = ${from} AND disabled_at IS NULL`,
        due: rows.length > 0 ? this.insertion(rows, moved) : undefined,
      });
      return done.moved === 1;
    } catch (error) {
      if (duplicateKey(error) === undefined) throw error;
      return false;
    }
  }

  private row(endpointId: string, { id, eventId, type, series, attempt }: Due, dueAt: number): Row {
    return { id, endpoint_id: endpointId, event_id: eventId, type, series, attempt, due_at: dueAt };
  }

  private insertion(rows: readonly Row[], from: Sql = NOTHING): Sql {
    const columns = raw(Object.keys(rows[0]!).join(', '));
    const selections = rows.map((row) => sql`SELECT ${join(Object.values(row))} ${from}`);
    return sql`INSERT INTO ${this.attempts} (${columns}) ${join(selections, ' UNION ALL ')}`;
  }

  private markMade(made: readonly Made[]): Sql {
    const by = (value: (one: Made) => Value) =>
      sql`CASE id ${join(
        made.map((one) => sql`WHEN ${one.due.id} THEN ${value(one)}`),
        ' ',
      )} END`;
    return sql`UPDATE ${this.attempts} SET due_at = NULL, made_at = ${by(({ at }) => at)},
      status = ${by(({ status }) => status ?? null)}, failure = ${by(({ failure }) => failure ?? null)},
      milliseconds = ${by(({ milliseconds }) => milliseconds)}
      WHERE id IN (${join(made.map(({ due }) => due.id))}) AND due_at IS NOT NULL`;
  }
}

type Row = Readonly<Record<string, Value>>;
