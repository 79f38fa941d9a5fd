import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { E164 } from '../common/phone-number';
import { type OpenedSession, SPENT } from '../sessions/session.entity';
import { SessionsService } from '../sessions/sessions.service';
import { change, nameIn, rowsOf, select } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { type Integer, raw, type Sql, sql } from '../storage/sql';
import { isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { rolesOf } from '../users/roles';

/** A session as its login opened it, whatever has become of it. */
export interface LoginSession extends OpenedSession {
  readonly challengeId: string;
  readonly loginKey: string | null;
  /** Whether the login has created the user. */
  readonly isNewUser: boolean;
  /** Whether it never lived: the code was right, and opened nothing. */
  readonly isSpent: boolean;
}

/** What logins that are repeated ask of users and sessions together, each in one statement. */
@Injectable()
export class RepeatedLoginQueries {
  private readonly users: Sql;
  private readonly sessions: Sql;

  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly sessionsService: SessionsService,
  ) {
    this.users = nameIn(dataSource, 'users');
    this.sessions = nameIn(dataSource, 'sessions');
  }

  /** What codes of a number have opened since a time, in epoch milliseconds. */
  ofMobile(mobile: E164, since: number): Promise<LoginSession[]> {
    return this.find(sql`u.mobile = ${mobile} AND s.created_at > ${since}
      AND s.challenge_id IS NOT NULL`);
  }

  /** What stands in the place of a challenge of which there is one. */
  async ofChallenge(challengeId: string): Promise<LoginSession | null> {
    const [found] = await this.find(sql`s.challenge_id = ${challengeId}`);
    return found ?? null;
  }

  /** What a password login with a key has opened: see `RefreshClientsService.loginIdOf`. */
  async ofLoginId(userId: string, loginId: string): Promise<LoginSession | null> {
    const [found] = await this.find(sql`u.id = ${userId} AND s.challenge_id = ${loginId}`);
    return found ?? null;
  }

  /**
   * Counts a repetition. A compare-and-swap: of any number of parallel calls no more succeed than may.
   *
   * @param most how many may.
   * @returns false unless the session was opened after `since`, lives or never did, and was never rotated.
   */
  async repeat({ id, userId }: LoginSession, since: number, most: number): Promise<boolean> {
    const live = this.sessionsService.liveSql(raw('s'));
    const count = sql`UPDATE ${this.sessions} AS s SET login_repeats = COALESCE(login_repeats, 0) + 1
      WHERE s.id = ${id} AND s.user_id = ${userId} AND s.generation = 0 AND s.created_at > ${since}
      AND (s.end_reason = ${SPENT} OR (${live})) AND COALESCE(login_repeats, 0) < ${most}`;
    return (await retrying(() => change(this.dataSource, count), isDeadlock)) === 1;
  }

  private async find(where: Sql): Promise<LoginSession[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<LoginRow>(sql`SELECT s.id, s.user_id, s.device_id, s.challenge_id, s.login_key,
          s.created_at, s.expires_at, s.end_reason, u.roles, u.created_at AS registered_at
        FROM ${this.users} u JOIN ${this.sessions} s ON s.user_id = u.id WHERE ${where}`),
    );
    return rows.map(sessionOf);
  }
}

interface LoginRow {
  id: Integer;
  user_id: Integer;
  device_id: Integer | null;
  challenge_id: string;
  login_key: string | null;
  created_at: Integer;
  expires_at: Integer;
  end_reason: string | null;
  roles: string | null;
  registered_at: Integer;
}

function sessionOf(row: LoginRow): LoginSession {
  return {
    id: String(row.id),
    userId: String(row.user_id),
    deviceId: row.device_id === null ? null : String(row.device_id),
    generation: 0,
    issuedAt: new Date(Number(row.created_at)),
    expiresAt: new Date(Number(row.expires_at)),
    roles: rolesOf(row.roles),
    challengeId: row.challenge_id,
    loginKey: row.login_key,
    isSpent: row.end_reason === SPENT,
    isNewUser: Number(row.registered_at) >= Number(row.created_at),
  };
}
