import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { byUser, type Change, type Origin } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { Clock } from '../common/clock';
import type { Principal } from '../contract/current-user.decorator';
import { type Factor, FACTORS, SPENT } from '../sessions/session.entity';
import { type NewSession, SessionsService } from '../sessions/sessions.service';
import { atomically, nameIn, rowsOf, type Selection } from '../storage/queries';
import { type Integer, join, NOTHING, raw, type Sql, sql } from '../storage/sql';
import { sqlNow } from '../storage/sql-clock';
import { TANDEM } from '../storage/tandem';
import type { UserStatus } from '../users/user.entity';
import { openTo, type Owner } from './login';

/** What a session is raised by. */
export interface Proof {
  readonly factor: Factor;
  /** Whom it proves. */
  readonly owner: Owner;
  readonly origin: Origin;
  /** Of a code: it holds the challenge. */
  readonly spent?: NewSession;
}

export interface Raised {
  /** Null for a user that there is not. */
  readonly status: UserStatus | null;
  /** Whether the session lives. */
  readonly lives: boolean;
  /** Undefined where nothing was raised. */
  readonly authTime?: Date;
  readonly amr: Factor[];
}

/** All factors, as `sessions.amr` holds them. */
const ALL = FACTORS.join(' ');

/** Raises sessions, in one transaction with what proves that. */
@Injectable()
export class StepUpQueries {
  private readonly users: Sql;
  private readonly sessions: Sql;

  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly sessionsService: SessionsService,
  ) {
    this.users = nameIn(dataSource, 'users');
    this.sessions = nameIn(dataSource, 'sessions');
  }

  /**
   * Raises a session that lives, if the proof still holds: the user is active, has the number, or the password.
   *
   * @throws QueryFailedError on `uq_sessions_challenge_id` when a login or another step-up consumed the challenge.
   */
  async raise(holder: Principal, { factor, owner, spent, origin }: Proof): Promise<Raised> {
    const now = this.clock.now();
    const { raised, found } = await atomically(this.dataSource, {
      noted: spent && this.noteProof(holder, owner, now),
      spent: spent && this.spend(holder, owner, spent),
      raised: this.update(holder, factor, owner, now),
      ...this.changes.tell(this.changeOf(holder, factor, origin, now)),
      found: this.find(holder),
    });
    const [row] = found;
    const amr = FACTORS.filter((one) => row?.amr?.includes(one));
    return {
      status: row?.status ?? null,
      lives: row?.session_id != null,
      authTime: raised === 1 ? new Date(now) : undefined,
      amr,
    };
  }

  /** Locks the user, like a login by code. */
  private noteProof({ userId }: Principal, owner: Owner, now: number): Sql {
    return sql`UPDATE ${this.users} AS u SET verified_at = ${now} WHERE u.id = ${userId} AND ${openTo(owner)}`;
  }

  /** Puts the challenge where it is decided that a code succeeds once: with a session that never lives. */
  private spend(holder: Principal, owner: Owner, { row }: NewSession): Sql {
    const columns = raw(Object.keys(row).join(', '));
    const now = sqlNow(this.dataSource);
    return sql`INSERT INTO ${this.sessions} (user_id, ended_at, end_reason, ${columns})
      SELECT u.id, ${now}, ${SPENT}, ${join(Object.values(row))} FROM ${this.users} u
      WHERE u.id = ${holder.userId} AND ${openTo(owner)} AND EXISTS (${this.liveSession(holder)})`;
  }

  private update(holder: Principal, factor: Factor, owner: Owner, now: number): Sql {
    const live = this.sessionsService.liveSql(raw('s'));
    const code = factor === 'sms' ? sql`, code_at = ${now}` : NOTHING;
    const before = sql`COALESCE(amr, CASE WHEN challenge_id IS NULL THEN 'pwd' ELSE 'sms' END)`;
    return sql`UPDATE ${this.sessions} AS s
      SET amr = CASE WHEN ${before} = ${factor} THEN ${factor} ELSE ${ALL} END, auth_time = ${now}${code}
      WHERE s.id = ${holder.sessionId} AND s.user_id = ${holder.userId} AND ${live}
      AND EXISTS (SELECT 1 FROM ${this.users} u WHERE u.id = s.user_id AND ${openTo(owner)})`;
  }

  private changeOf(holder: Principal, factor: Factor, origin: Origin, now: number): Change {
    const { sessionId, userId } = holder;
    return {
      action: 'session.raised',
      actor: byUser(userId),
      userId,
      sessionId,
      detail: { factor },
      origin,
      when: sql`FROM ${this.sessions} s
        WHERE s.id = ${sessionId} AND s.user_id = ${userId} AND s.auth_time = ${now}`,
    };
  }

  private find(holder: Principal): Selection<FoundRow> {
    const live = this.sessionsService.liveSql(raw('s'));
    return rowsOf(sql`SELECT u.status, s.id AS session_id, s.amr FROM ${this.users} u
      LEFT JOIN ${this.sessions} s ON s.id = ${holder.sessionId} AND s.user_id = u.id AND ${live}
      WHERE u.id = ${holder.userId}`);
  }

  private liveSession({ sessionId, userId }: Principal): Sql {
    const live = this.sessionsService.liveSql(raw('s'));
    return sql`SELECT 1 FROM ${this.sessions} s WHERE s.id = ${sessionId} AND s.user_id = ${userId} AND ${live}`;
  }
}

interface FoundRow extends Record<string, unknown> {
  status: UserStatus;
  session_id: Integer | null;
  amr: string | null;
}
