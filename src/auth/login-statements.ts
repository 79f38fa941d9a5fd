import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import { type NewSession, SessionsService } from '../sessions/sessions.service';
import { sqlNow } from '../storage/sql-clock';
import {
  atomically,
  byIndex,
  insertion,
  type Integer,
  select,
  type Statement,
} from '../storage/statements';
import { TANDEM } from '../storage/tandem';
import type { UserStatus } from '../users/user.entity';
import { UsersService } from '../users/users.service';

/** Whom a login is for, and what it has proved. */
export type Owner =
  { readonly mobile: E164 } | { readonly id: string; readonly passwordHash: string | null };

/** Live sessions of a user beyond their allowance. */
export interface Surplus {
  readonly userId: string;
  readonly ids: readonly string[];
}

/** How many sessions one transaction ends at most, when the allowance was lowered. */
const MAX_REPLACED = 100;

/** An account after a login. */
interface Account {
  readonly id: string;
  readonly status: UserStatus;
  /** Whether its password is still the one that was checked, where one was. */
  readonly isProved: boolean;
  /** Whether it has the new session: not when it has `MAX_SESSIONS_PER_USER` others. */
  readonly hasSession: boolean;
}

/** What logins do with users and sessions together, each in one call. */
@Injectable()
export class LoginStatements {
  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly metrics: MetricsService,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
  ) {}

  /**
   * Notes a login and opens its session if there is room for it. The account is locked meanwhile, so that one that
   * is being disabled, or whose password is changing, either has the session ended with the others or does not get it.
   *
   * @param surplus sessions to end first.
   * @returns null for an unknown account.
   * @throws QueryFailedError on `uq_sessions_challenge_id` when another login spent the challenge.
   */
  async logIn(owner: Owner, session: NewSession, surplus?: Surplus): Promise<Account | null> {
    const now = this.clock.now();
    const outcomes = await atomically(this.dataSource, [
      noteLogin(owner, now),
      ...(surplus ? [this.replace(owner, surplus)] : []),
      this.openSession(owner, session, now),
      findAccount(owner),
    ]);
    const [opened, [row]] = outcomes.slice(-2) as [number, AccountRow[]];
    if (surplus) this.metrics.sessionsEnded('replaced', outcomes[1] as number);
    return row ? { hasSession: opened === 1, ...accountOf(row, owner) } : null;
  }

  /**
   * Inserts a user, their profile and their first session.
   *
   * @returns the id of the user.
   * @throws QueryFailedError on `uq_users_mobile` when a parallel login registered the number.
   */
  async register(mobile: E164, session: NewSession): Promise<string> {
    const { id, statements } = this.users.registration(mobile);
    const first = insertion('sessions', { user_id: id, ...session.row });
    await atomically(this.dataSource, [...statements, first]);
    return id;
  }

  /** The sessions of a user that must make room for another one; undefined when none must. */
  async findSurplus(userId: string): Promise<Surplus | undefined> {
    const live = this.sessions.liveSql('sessions');
    const rows = await select<{ id: Integer }>(this.dataSource, {
      sql: `SELECT id FROM sessions WHERE user_id = ? AND ${live.sql} ORDER BY id DESC
        LIMIT ${MAX_REPLACED} OFFSET ${this.env.MAX_SESSIONS_PER_USER - 1}`,
      values: [userId, ...live.values],
    });
    return rows.length > 0 ? { userId, ids: rows.map(({ id }) => String(id)) } : undefined;
  }

  private replace(owner: Owner, { userId, ids }: Surplus): Statement {
    const open = openTo(owner);
    return {
      sql: `UPDATE sessions SET ended_at = ${sqlNow(this.dataSource)}, end_reason = 'replaced'
        WHERE id IN (${ids.map(() => '?').join(', ')}) AND user_id = ? AND ended_at IS NULL
        AND EXISTS (SELECT 1 FROM users WHERE users.id = sessions.user_id AND ${open.sql})`,
      values: [...ids, userId, ...open.values],
    };
  }

  /** For an account that the login of `now` was noted of, and that is therefore locked. */
  private openSession(owner: Owner, { row }: NewSession, now: number): Statement {
    const [columns, open] = [Object.keys(row), openTo(owner)];
    const live = this.sessions.liveSql('s');
    return {
      sql: `INSERT INTO sessions (user_id, ${columns.join(', ')})
        SELECT users.id, ${columns.map(() => '?').join(', ')} FROM users WHERE ${open.sql} AND last_login = ?
        AND (SELECT COUNT(*) FROM sessions s ${byIndex(this.dataSource, 'ix_sessions_user_id')}
          WHERE s.user_id = users.id AND ${live.sql}) < ?`,
      values: [
        ...Object.values(row),
        ...open.values,
        now,
        ...live.values,
        this.env.MAX_SESSIONS_PER_USER,
      ],
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

function findAccount(owner: Owner): Statement {
  return 'mobile' in owner
    ? { sql: 'SELECT id, status FROM users WHERE mobile = ?', values: [owner.mobile] }
    : { sql: 'SELECT id, status, password_hash FROM users WHERE id = ?', values: [owner.id] };
}

interface AccountRow extends Record<string, unknown> {
  id: Integer;
  status: UserStatus;
  password_hash?: string | null;
}

function accountOf({ id, status, password_hash: passwordHash }: AccountRow, owner: Owner) {
  const isProved = 'mobile' in owner || passwordHash === owner.passwordHash;
  return { id: String(id), status, isProved };
}
