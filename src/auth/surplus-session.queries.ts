import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { byUser, type Change } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import type { DeviceType } from '../common/device-type';
import { Env } from '../config/env';
import type { SessionAllowance } from '../config/session-allowance';
import { type NewSession, SessionsService } from '../sessions/sessions.service';
import { forUpdate, nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, join, type Sql, sql } from '../storage/sql';
import { sqlNow } from '../storage/sql-clock';
import { TANDEM } from '../storage/tandem';
import { type Login, openTo, type Owner } from './login';

/** Live sessions of a user beyond their allowance. */
export interface Surplus {
  readonly userId: string;
  readonly ids: readonly string[];
}

/** How many sessions one transaction ends at most, when the allowance was lowered. */
const MAX_REPLACED = 100;

/** Sessions that make room for another one: `MAX_SESSIONS_PER_USER`. */
@Injectable()
export class SurplusSessionQueries {
  private readonly sessions: Sql;
  private readonly users: Sql;

  constructor(
    private readonly changes: ChangesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly sessionsService: SessionsService,
  ) {
    this.sessions = nameIn(dataSource, 'sessions');
    this.users = nameIn(dataSource, 'users');
  }

  /** The sessions of a user that must make room for another one; undefined when none must. */
  async find(userId: string, { row }: NewSession): Promise<Surplus | undefined> {
    const allowance = this.env.sessionAllowance;
    const rows = await select(
      this.dataSource,
      rowsOf<LiveSession>(sql`SELECT id, device_type FROM ${this.sessions}
        WHERE user_id = ${userId} AND ${this.sessionsService.liveSql(this.sessions)}
        ORDER BY id DESC LIMIT ${allowance.total - 1 + MAX_REPLACED}`),
    );
    const ids = surplusOf(rows, row.device_type, allowance);
    return ids.length > 0 ? { userId, ids } : undefined;
  }

  /**
   * Ends them, and tells of it. Those that have not ended are locked first: whoever ends one meanwhile tells of it, or this
   * login does.
   */
  replace({ owner, session, requestId }: Login, { userId, ids }: Surplus) {
    const theirs = this.giveWay(owner, userId);
    const [first, ...others] = ids.map((id): Change => {
      const when = sql`FROM ${this.sessions} s WHERE s.id = ${id} AND ${theirs}`;
      const origin = { network: session.row.network, requestId };
      const told = { actor: byUser(userId), userId, sessionId: id, origin };
      return { action: 'session.ended', ...told, reason: 'replaced', when };
    });
    const { audit: replacedAudit, outbox: replacedOutbox } = this.changes.tell(first!, ...others);
    const found = sql`s.id IN (${join(ids)}) AND ${theirs}`;
    return {
      locked: sql`SELECT s.id FROM ${this.sessions} s WHERE ${found} ${forUpdate(this.dataSource)}`,
      replacedAudit,
      replacedOutbox,
      replaced: sql`UPDATE ${this.sessions} AS s SET ended_at = ${sqlNow(this.dataSource)}, end_reason = 'replaced'
        WHERE ${found}`,
    };
  }

  /** Matches the sessions of whoever logs in that have not ended, in a statement that calls them `s`. */
  private giveWay(owner: Owner, userId: string): Sql {
    return sql`s.user_id = ${userId} AND s.ended_at IS NULL
      AND EXISTS (SELECT 1 FROM ${this.users} u WHERE u.id = s.user_id AND ${openTo(owner)})`;
  }
}

interface LiveSession {
  id: Integer;
  device_type: DeviceType | null;
}

/** @param live the newest first. */
function surplusOf(
  live: readonly LiveSession[],
  type: DeviceType,
  { total, [type]: ofType = total }: SessionAllowance,
): string[] {
  const alike = live.filter((session) => session.device_type === type).slice(ofType - 1);
  const others = live.filter((session) => !alike.includes(session)).slice(total - 1);
  return [...alike, ...others].slice(0, MAX_REPLACED).map(({ id }) => String(id));
}
