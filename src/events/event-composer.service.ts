import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { countryOf, type E164 } from '../common/phone-number';
import { nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, join, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import type { EventType } from './event-types';

/** As readers get it. */
export interface ComposedEvent<T extends EventType = EventType> {
  /** The same for the life of the event. */
  readonly id: string;
  readonly type: T;
  /** ISO 8601, when it happened. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Row {
  readonly id: Integer;
  readonly at: Integer;
  readonly type: EventType;
  readonly user_id: Integer | null;
  readonly session_id: Integer | null;
  readonly data: string | null;
}

interface Options {
  /** Full numbers, instead of countries and last digits. */
  readonly pii?: boolean;
}

export const eventIdOf = (id: string | Integer) => `evt_${id}`;

/** Makes of rows, which hold ids, what readers get: as things are now, so that nothing outlives its erasure. */
@Injectable()
export class EventComposerService {
  private readonly outbox: Sql;
  private readonly users: Sql;

  constructor(@InjectDataSource(TANDEM) private readonly dataSource: DataSource) {
    this.outbox = nameIn(dataSource, 'outbox');
    this.users = nameIn(dataSource, 'users');
  }

  /** @param ids of the outbox. @returns by id; those that are not kept any more are missing. */
  async compose(
    ids: readonly string[],
    { pii = false }: Options = {},
  ): Promise<Map<string, ComposedEvent>> {
    if (ids.length === 0) return new Map();
    const rows = await select(
      this.dataSource,
      rowsOf<Row>(sql`SELECT id, at, type, user_id, session_id, data FROM ${this.outbox}
        WHERE id IN (${join(ids)})`),
    );
    const mobiles = await this.mobilesOf(rows.flatMap(({ user_id }) => user_id ?? []).map(String));
    return new Map(
      rows.map((row) => [String(row.id), composed(row, mobiles.get(String(row.user_id)), pii)]),
    );
  }

  private async mobilesOf(userIds: readonly string[]): Promise<Map<string, E164>> {
    if (userIds.length === 0) return new Map();
    const rows = await select(
      this.dataSource,
      rowsOf<{ id: Integer; mobile: E164 | null }>(
        sql`SELECT id, mobile FROM ${this.users} WHERE id IN (${join([...new Set(userIds)])})`,
      ),
    );
    return new Map(rows.flatMap(({ id, mobile }) => (mobile ? [[String(id), mobile]] : [])));
  }
}

function composed(row: Row, mobile: E164 | undefined, pii: boolean): ComposedEvent {
  const { id, at, type, user_id, session_id, data } = row;
  return {
    id: eventIdOf(id),
    type,
    timestamp: new Date(Number(at)).toISOString(),
    data: {
      ...(user_id !== null && { user_id: String(user_id) }),
      ...(session_id !== null && { session_id: String(session_id) }),
      ...(mobile && {
        mobile: pii ? mobile : { country: countryOf(mobile), last_two: mobile.slice(-2) },
      }),
      ...(JSON.parse(data ?? '{}') as object),
    },
  };
}
