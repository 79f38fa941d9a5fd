import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { By, Change } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { MetricsService } from '../observability/metrics.service';
import { BATCH } from '../storage/batches';
import { atomically, forUpdate, nameIn, together } from '../storage/queries';
import { execute } from '../storage/runner';
import { type Integer, join, raw, type Sql, sql } from '../storage/sql';
import { sqlNow } from '../storage/sql-clock';
import { TANDEM } from '../storage/tandem';
import type { EndReason } from './session.entity';

/** Why sessions end, and who ends them. */
export interface Ending extends Omit<By, 'reason'> {
  readonly reason: EndReason;
}

export interface EndedRow {
  readonly id: string;
  readonly userId: string;
}

/** Ends sessions and tells of each, in one transaction: whoever ends one that another is ending waits, and finds it ended. */
@Injectable()
export class SessionEndsQueries {
  private readonly table: Sql;

  constructor(
    private readonly changes: ChangesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly metrics: MetricsService,
  ) {
    this.table = nameIn(dataSource, 'sessions');
  }

  /**
   * In one call.
   *
   * @param which matches one session, which statements call `s`.
   * @returns whether it had not ended before.
   */
  async endOne(which: Sql, { reason, actor, origin }: Ending): Promise<boolean> {
    const unended = sql`${which} AND s.ended_at IS NULL`;
    const { ended } = await atomically(this.dataSource, {
      ...this.changes.tell({
        action: 'session.ended',
        actor,
        userId: raw('s.user_id'),
        sessionId: raw('s.id'),
        reason,
        origin,
        when: sql`FROM ${this.table} s WHERE ${unended} ${forUpdate(this.dataSource)}`,
      }),
      ended: sql`UPDATE ${this.table} AS s SET ended_at = ${sqlNow(this.dataSource)}, end_reason = ${reason}
        WHERE ${unended}`,
    });
    this.metrics.sessionsEnded(reason, ended);
    return ended === 1;
  }

  /**
   * A batch of those that have not ended, in a transaction.
   *
   * @param which matches sessions, which statements call `s`.
   * @param endedAt by the clock of the database, unless it says otherwise.
   */
  async endSome(
    manager: EntityManager,
    which: Sql,
    ending: Ending,
    endedAt: Sql = sqlNow(this.dataSource),
  ): Promise<EndedRow[]> {
    const found = await execute(
      manager.queryRunner!,
      sql`SELECT s.id, s.user_id FROM ${this.table} s WHERE ${which} AND s.ended_at IS NULL
        LIMIT ${BATCH} ${forUpdate(this.dataSource)}`,
    );
    const rows = (found as { id: Integer; user_id: Integer }[]).map(rowOf);
    const [first, ...others] = rows.map((row) => changeOf(row, ending));
    if (!first) return rows;
    const { audit, outbox } = this.changes.tell(first, ...others);
    const end = sql`UPDATE ${this.table} SET ended_at = ${endedAt}, end_reason = ${ending.reason}
      WHERE id IN (${join(rows.map(({ id }) => id))})`;
    await together(manager, end, audit, outbox);
    this.metrics.sessionsEnded(ending.reason, rows.length);
    return rows;
  }

  /** {@link endSome} until none is left. */
  async endAll(manager: EntityManager, which: Sql, ending: Ending): Promise<EndedRow[]> {
    const ended: EndedRow[] = [];
    for (;;) {
      const batch = await this.endSome(manager, which, ending);
      ended.push(...batch);
      if (batch.length < BATCH) return ended;
    }
  }
}

const rowOf = (row: { id: Integer; user_id: Integer }): EndedRow => ({
  id: String(row.id),
  userId: String(row.user_id),
});

function changeOf({ id, userId }: EndedRow, { reason, actor, origin }: Ending): Change {
  return { action: 'session.ended', actor, userId, sessionId: id, reason, origin };
}
