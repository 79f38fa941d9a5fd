import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../common/clock';
import type { RefreshPrincipal } from '../common/current-user.decorator';
import type { E164 } from '../common/phone-number';
import { SessionsService } from '../sessions/sessions.service';
import { retrying } from '../storage/retrying';
import { isDeadlock } from '../storage/sql-errors';
import { change, select } from '../storage/statements';
import type { UserStatus } from '../users/user.entity';
import type { SessionRef } from '../sessions/session.entity';

/** Whom a login is for. */
export type Owner = { readonly mobile: E164 } | { readonly id: string };

export interface Account {
  readonly id: string;
  readonly status: UserStatus;
  readonly passwordHash: string | null;
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

/** What logins and refreshes ask of users and sessions together, each with one statement. */
@Injectable()
export class GrantStatements {
  constructor(
    private readonly clock: Clock,
    private readonly dataSource: DataSource,
    private readonly sessions: SessionsService,
  ) {}

  /** The account of a login, as it is at this moment: to be asked while its row is locked. */
  async findAccount(manager: EntityManager, owner: Owner): Promise<Account | null> {
    const [column, value] = Object.entries(owner)[0] as ['mobile' | 'id', string];
    const live = this.sessions.liveSql('s');
    const rows = await select<AccountRow>(
      manager,
      `SELECT u.id, u.status, u.password_hash, s.id AS session_id
       FROM users u LEFT JOIN sessions s ON s.user_id = u.id AND ${live.sql}
       WHERE u.${column} = ? ORDER BY s.id DESC`,
      [...live.values, value],
    );
    return rows[0] ? accountOf(rows[0], rows) : null;
  }

  /** The user that a refresh token was made for, and its session. */
  async findGrant({ userId, sessionId: id }: RefreshPrincipal): Promise<Grant | null> {
    const live = this.sessions.liveSql('s');
    const [row] = await select<GrantRow>(
      this.dataSource.manager,
      `SELECT u.status, s.generation, s.rotated_at, s.created_at, s.expires_at
       FROM users u LEFT JOIN sessions s ON s.id = ? AND s.user_id = u.id AND ${live.sql}
       WHERE u.id = ?`,
      [id, ...live.values, userId],
    );
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
    const moveOn = () =>
      change(
        this.dataSource.manager,
        `UPDATE sessions SET generation = generation + 1, rotated_at = ?, last_used_at = ?
         WHERE id = ? AND user_id = ? AND generation = ? AND ${live.sql}
         AND EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id AND u.status = 'active')`,
        [now.getTime(), now.getTime(), sessionId, userId, generation, ...live.values],
      );
    return (await retrying(moveOn, isDeadlock)) === 1 ? now : null;
  }
}

/** 64-bit integers come as strings or as BigInts. */
type Integer = string | bigint;

interface AccountRow {
  id: Integer;
  status: UserStatus;
  password_hash: string | null;
  session_id: Integer | null;
}

interface GrantRow {
  status: UserStatus;
  generation: Integer | number;
  rotated_at: Integer | null;
  created_at: Integer;
  /** Null with all the others when there is no such session. */
  expires_at: Integer | null;
}

function accountOf({ id, status, password_hash }: AccountRow, rows: AccountRow[]): Account {
  const sessions = rows.flatMap(({ session_id }) =>
    session_id === null ? [] : String(session_id),
  );
  return { id: String(id), status, passwordHash: password_hash, sessions };
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
