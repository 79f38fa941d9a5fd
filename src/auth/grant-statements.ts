import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import type { RefreshPrincipal } from '../common/current-user.decorator';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import type { SessionRef } from '../sessions/session.entity';
import { type NewSession, SessionsService } from '../sessions/sessions.service';
import { retrying } from '../storage/retrying';
import { sqlNow } from '../storage/sql-clock';
import { isDeadlock } from '../storage/sql-errors';
import { atomically, change, insertion, select, type Statement } from '../storage/statements';
import type { UserStatus } from '../users/user.entity';
import { UsersService } from '../users/users.service';

/** Whom a login is for, and what it has proved. */
export type Owner =
  { readonly mobile: E164 } | { readonly id: string; readonly passwordHash: string | null };

/** An account after a login. */
interface Account {
  readonly id: string;
  readonly status: UserStatus;
  /** Whether the owner may log in: it is active, and its password the one that was checked. */
  readonly isOpen: boolean;
  /** Whether it has the new session: not when it has `MAX_SESSIONS_PER_USER` others. */
  readonly hasSession: boolean;
  /** The ids of the sessions that live, the newest first. */
  readonly sessions: string[];
}

export interface RefreshableSession extends SessionRef {
  /** Null in the first generation. */
  readonly rotatedAt: Date | null;
}

interface Grant {
  readonly status: UserStatus;
  /** Null unless it lives. */
  readonly session: RefreshableSession | null;
}

/** What logins and refreshes do with users and sessions together, each in one call. */
@Injectable()
export class GrantStatements {
  constructor(
    private readonly clock: Clock,
    private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly metrics: MetricsService,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
  ) {}

  /**
   * Notes a login and opens its session if there is room for it. The account is locked meanwhile, so that one that
   * is being disabled, or whose password is changing, either has the session ended with the others or does not get it.
   *
   * @param replaced the ids of sessions to end first.
   * @returns null for an unknown account.
   * @throws QueryFailedError on `uq_sessions_challenge_id` when another login spent the challenge.
   */
  async logIn(
    owner: Owner,
    session: NewSession,
    replaced: readonly string[] = [],
  ): Promise<Account | null> {
    const outcomes = await atomically(this.dataSource, [
      noteLogin(owner, this.clock.now()),
      ...(replaced.length > 0 ? [this.replace(owner, replaced)] : []),
      this.openSession(owner, session),
      this.findAccount(owner),
    ]);
    const [opened, rows] = outcomes.slice(-2) as [number, AccountRow[]];
    if (replaced.length > 0) this.metrics.sessionsEnded('replaced', outcomes[1] as number);
    return rows[0] ? { ...accountOf(rows[0], rows), hasSession: opened === 1 } : null;
  }

  /**
   * Inserts a user, their profile and their first session.
   *
   * @returns the id of the user.
   * @throws QueryFailedError on `uq_users_mobile` when a parallel login registered the number.
   */
  async register(mobile: E164, session: NewSession): Promise<string> {
    const { id, statements } = this.users.registration(mobile);
    const first = insertion('sessions', { ...session.row, user_id: id });
    await atomically(this.dataSource, [...statements, first]);
    return id;
  }

  /** The user that a refresh token was made for, and its session. */
  async findGrant({ userId, sessionId: id }: RefreshPrincipal): Promise<Grant | null> {
    const live = this.sessions.liveSql('s');
    const [row] = await select<GrantRow>(this.dataSource, {
      sql: `SELECT u.status, s.generation, s.rotated_at, s.created_at, s.expires_at
        FROM users u LEFT JOIN sessions s ON s.id = ? AND s.user_id = u.id AND ${live.sql}
        WHERE u.id = ?`,
      values: [id, ...live.values, userId],
    });
    if (!row) return null;
    return { status: row.status, session: row.expires_at ? sessionOf(row, id, userId) : null };
  }

  /**
   * One compare-and-swap: of any number of parallel calls with the current generation one moves the
   * session on. The successor of its token follows from the row, so nothing is lost when the answer is.
   *
   * @returns when the new generation began, or null when the session is not live or at another one, or its
   *   user disabled.
   */
  async advance({ sessionId, userId, generation }: RefreshPrincipal): Promise<Date | null> {
    const now = this.clock.date();
    const live = this.sessions.liveSql('sessions');
    const moveOn = {
      sql: `UPDATE sessions SET generation = generation + 1, rotated_at = ?, last_used_at = ?
        WHERE id = ? AND user_id = ? AND generation = ? AND ${live.sql}
        AND EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id AND u.status = 'active')`,
      values: [now.getTime(), now.getTime(), sessionId, userId, generation, ...live.values],
    };
    const moved = await retrying(() => change(this.dataSource, moveOn), isDeadlock);
    return moved === 1 ? now : null;
  }

  private replace(owner: Owner, ids: readonly string[]): Statement {
    const open = openTo(owner);
    return {
      sql: `UPDATE sessions SET ended_at = ${sqlNow(this.dataSource)}, end_reason = 'replaced'
        WHERE id IN (${ids.map(() => '?').join(', ')}) AND ended_at IS NULL
        AND EXISTS (SELECT 1 FROM users WHERE users.id = sessions.user_id AND ${open.sql})`,
      values: [...ids, ...open.values],
    };
  }

  private openSession(owner: Owner, { row }: NewSession): Statement {
    const [columns, open] = [Object.keys(row), openTo(owner)];
    const live = this.sessions.liveSql('s');
    return {
      sql: `INSERT INTO sessions (user_id, ${columns.join(', ')})
        SELECT users.id, ${columns.map(() => '?').join(', ')} FROM users WHERE ${open.sql}
        AND (SELECT COUNT(*) FROM sessions s WHERE s.user_id = users.id AND ${live.sql}) < ?`,
      values: [
        ...Object.values(row),
        ...open.values,
        ...live.values,
        this.env.MAX_SESSIONS_PER_USER,
      ],
    };
  }

  private findAccount(owner: Owner): Statement {
    const [live, open] = [this.sessions.liveSql('s'), openTo(owner)];
    const [column, value] = 'mobile' in owner ? ['mobile', owner.mobile] : ['id', owner.id];
    return {
      sql: `SELECT users.id, status, s.id AS session_id,
          CASE WHEN ${open.sql} THEN 1 ELSE 0 END AS is_open
        FROM users LEFT JOIN sessions s ON s.user_id = users.id AND ${live.sql}
        WHERE users.${column} = ? ORDER BY s.id DESC`,
      values: [...open.values, ...live.values, value],
    };
  }
}

function noteLogin(owner: Owner, now: number): Statement {
  const { sql, values } = openTo(owner);
  return 'mobile' in owner
    ? {
        sql: `UPDATE users SET last_login = ?, verified_at = ? WHERE ${sql}`,
        values: [now, now, ...values],
      }
    : { sql: `UPDATE users SET last_login = ? WHERE ${sql}`, values: [now, ...values] };
}

/** Matches the account if the owner may log in. */
function openTo(owner: Owner): Statement {
  return 'mobile' in owner
    ? { sql: "mobile = ? AND status = 'active'", values: [owner.mobile] }
    : {
        sql: "users.id = ? AND status = 'active' AND COALESCE(password_hash, '') = ?",
        values: [owner.id, owner.passwordHash ?? ''],
      };
}

/** 64-bit integers come as strings or as BigInts. */
type Integer = string | bigint;

interface AccountRow extends Record<string, unknown> {
  id: Integer;
  status: UserStatus;
  session_id: Integer | null;
  is_open: Integer | number;
}

interface GrantRow {
  status: UserStatus;
  generation: Integer | number;
  rotated_at: Integer | null;
  created_at: Integer;
  /** Null with all the others when there is no such session. */
  expires_at: Integer | null;
}

function accountOf({ id, status, is_open }: AccountRow, rows: AccountRow[]) {
  const sessions = rows.flatMap(({ session_id }) =>
    session_id === null ? [] : String(session_id),
  );
  return { id: String(id), status, isOpen: Number(is_open) === 1, sessions };
}

function sessionOf(row: GrantRow, id: string, userId: string): RefreshableSession {
  const rotatedAt = row.rotated_at === null ? null : timeOf(row.rotated_at);
  return {
    id,
    userId,
    generation: Number(row.generation),
    rotatedAt,
    issuedAt: rotatedAt ?? timeOf(row.created_at),
    expiresAt: timeOf(row.expires_at!),
  };
}

const timeOf = (milliseconds: Integer) => new Date(Number(milliseconds));
