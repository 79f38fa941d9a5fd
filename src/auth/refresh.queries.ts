import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import type { RefreshPrincipal } from '../contract/current-user.decorator';
import type { RotationTrace } from './refresh-clients.service';
import type { SessionRef } from '../sessions/session.entity';
import { SessionsService } from '../sessions/sessions.service';
import { change, lookUp, nameIn, rowsOf } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { type Integer, raw, type Sql, sql } from '../storage/sql';
import { isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { rolesOf, rolesText } from '../users/roles';
import type { UserStatus } from '../users/user.entity';

export interface RefreshableSession extends SessionRef, RotationTrace {
  /** Null in the first generation. */
  readonly rotatedAt: Date | null;
  /** Null in the first two. */
  readonly previousRotatedAt: Date | null;
}

interface Grant {
  readonly status: UserStatus;
  /** Null unless it lives. */
  readonly session: RefreshableSession | null;
}

/** What refreshes do with users and sessions together, each in one statement. */
@Injectable()
export class RefreshQueries {
  private readonly users: Sql;
  private readonly sessions: Sql;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly sessionsService: SessionsService,
  ) {
    this.users = nameIn(dataSource, 'users');
    this.sessions = nameIn(dataSource, 'sessions');
  }

  /** The user that a refresh token was made for, and its session. */
  async findGrant({ userId, sessionId: id }: RefreshPrincipal): Promise<Grant | null> {
    const live = this.sessionsService.liveSql(raw('s'));
    const [row] = await lookUp(
      this.dataSource,
      rowsOf<GrantRow>(sql`SELECT u.status, u.roles, s.generation, s.rotated_at, s.previous_rotated_at, s.refresh_key,
          s.rotated_from, s.created_at, s.expires_at
        FROM ${this.users} u
        LEFT JOIN ${this.sessions} s ON s.id = ${id} AND s.user_id = u.id AND ${live}
        WHERE u.id = ${userId}`),
    );
    if (!row) return null;
    return { status: row.status, session: row.expires_at ? sessionOf(row, id, userId) : null };
  }

  /**
   * One compare-and-swap: of any number of parallel calls with the current generation one moves the
   * session on, and leaves its trace. The successor of its token follows from the row, so nothing is lost when the answer is.
   *
   * The session remembers a key that an earlier rotation carried when this one carries none.
   *
   * @param roles that its user has: known beforehand, they cost nobody a question.
   * @returns when the new generation began, or null when the session is not live or at another one, or its
   *   user disabled or of other roles.
   */
  async advance(
    { sessionId, userId, generation }: RefreshPrincipal,
    { refreshKey, rotatedFrom }: RotationTrace,
    roles: readonly string[],
  ): Promise<Date | null> {
    const now = this.clock.date();
    const live = this.sessionsService.liveSql(raw('s'));
    const moveOn = sql`UPDATE ${this.sessions} AS s
      SET generation = generation + 1, previous_rotated_at = rotated_at, rotated_at = ${now.getTime()},
        last_used_at = ${now.getTime()}, rotated_from = ${rotatedFrom},
        refresh_key = COALESCE(${refreshKey}, refresh_key)
      WHERE id = ${sessionId} AND user_id = ${userId} AND generation = ${generation} AND ${live}
      AND EXISTS (SELECT 1 FROM ${this.users} u WHERE u.id = s.user_id AND u.status = 'active'
        AND COALESCE(u.roles, '') = ${rolesText(roles) ?? ''})`;
    const moved = await retrying(() => change(this.dataSource, moveOn), isDeadlock);
    return moved === 1 ? now : null;
  }
}

interface GrantRow {
  status: UserStatus;
  roles: string | null;
  generation: Integer | number;
  rotated_at: Integer | null;
  previous_rotated_at: Integer | null;
  refresh_key: string | null;
  rotated_from: string | null;
  created_at: Integer;
  /** Null with all the others when there is no such session. */
  expires_at: Integer | null;
}

function sessionOf(row: GrantRow, id: string, userId: string): RefreshableSession {
  const rotatedAt = timeOrNull(row.rotated_at);
  return {
    id,
    userId,
    generation: Number(row.generation),
    rotatedAt,
    previousRotatedAt: timeOrNull(row.previous_rotated_at),
    refreshKey: row.refresh_key,
    rotatedFrom: row.rotated_from,
    issuedAt: rotatedAt ?? timeOf(row.created_at),
    expiresAt: timeOf(row.expires_at!),
    roles: rolesOf(row.roles),
  };
}

const timeOrNull = (milliseconds: Integer | null) =>
  milliseconds === null ? null : timeOf(milliseconds);
const timeOf = (milliseconds: Integer) => new Date(Number(milliseconds));
