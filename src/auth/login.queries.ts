import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import { type NewSession, SessionsService } from '../sessions/sessions.service';
import { DeviceQueries, type LoginDevice } from './device.queries';
import { atomically, byIndex, nameIn, rowsOf, select, type Selection } from '../storage/queries';
import { insertion, type Integer, join, NOTHING, raw, type Sql, sql } from '../storage/sql';
import { sqlNow } from '../storage/sql-clock';
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
  /** That of the new session. */
  readonly deviceId: string | null;
}

/** What logins do with users and sessions together, each in one call. */
@Injectable()
export class LoginQueries {
  private readonly users: Sql;
  private readonly sessions: Sql;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly devices: DeviceQueries,
    private readonly env: Env,
    private readonly metrics: MetricsService,
    private readonly sessionsService: SessionsService,
    private readonly usersService: UsersService,
  ) {
    this.users = nameIn(dataSource, 'users');
    this.sessions = nameIn(dataSource, 'sessions');
  }

  /**
   * Notes a login and opens its session if there is room for it. The account is locked meanwhile, so that one that
   * is being disabled, or whose password is changing, either has the session ended with the others or does not get it.
   *
   * @param surplus sessions to end first.
   * @param device of a login by code.
   * @returns null for an unknown account.
   * @throws QueryFailedError on `uq_sessions_challenge_id` when another login consumed the challenge.
   */
  async logIn(
    owner: Owner,
    session: NewSession,
    device: LoginDevice | null,
    surplus?: Surplus,
  ): Promise<Account | null> {
    const now = this.clock.now();
    const user = sql`SELECT u.id FROM ${this.users} u WHERE ${openTo(owner)}`;
    const { opened, replaced, added, account } = await atomically(this.dataSource, {
      noted: this.noteLogin(owner, now),
      replaced: surplus && this.replace(owner, surplus),
      kept: device?.shown ? this.devices.keep(device.shown, session, user) : undefined,
      opened: this.openSession(owner, session, device, now),
      added: device ? this.devices.add(session, device.fresh, user) : undefined,
      trimmed: device ? this.devices.trim(user) : undefined,
      account: this.findAccount(owner),
    });
    if (replaced !== undefined) this.metrics.sessionsEnded('replaced', replaced);
    const [row] = account;
    if (!row) return null;
    const deviceId = added === 1 ? session.row.id : (device?.shown?.id ?? null);
    return { hasSession: opened === 1, deviceId, ...accountOf(row, owner) };
  }

  /**
   * Inserts a user, their profile, their first session and its device.
   *
   * @returns the id of the user.
   * @throws QueryFailedError on `uq_users_mobile` when a parallel login registered the number.
   */
  async register(mobile: E164, session: NewSession, { fresh }: LoginDevice): Promise<string> {
    const { id, user, profile } = this.usersService.registration(mobile);
    await atomically(this.dataSource, {
      user,
      profile,
      session: insertion(this.sessions, { user_id: id, device_id: session.row.id, ...session.row }),
      device: this.devices.addFirst(session, fresh, id),
    });
    return id;
  }

  /** The sessions of a user that must make room for another one; undefined when none must. */
  async findSurplus(userId: string): Promise<Surplus | undefined> {
    const live = this.sessionsService.liveSql(this.sessions);
    const offset = this.env.MAX_SESSIONS_PER_USER - 1;
    const rows = await select(
      this.dataSource,
      rowsOf<{
        id: Integer;
      }>(sql`SELECT id FROM ${this.sessions} WHERE user_id = ${userId} AND ${live}
        ORDER BY id DESC LIMIT ${MAX_REPLACED} OFFSET ${offset}`),
    );
    return rows.length > 0 ? { userId, ids: rows.map(({ id }) => String(id)) } : undefined;
  }

  private noteLogin(owner: Owner, now: number): Sql {
    const verified = 'mobile' in owner ? sql`, verified_at = ${now}` : NOTHING;
    return sql`UPDATE ${this.users} AS u SET last_login = ${now}${verified} WHERE ${openTo(owner)}`;
  }

  private replace(owner: Owner, { userId, ids }: Surplus): Sql {
    const { users, sessions } = this;
    return sql`UPDATE ${sessions} SET ended_at = ${sqlNow(this.dataSource)}, end_reason = 'replaced'
      WHERE id IN (${join(ids)}) AND user_id = ${userId} AND ended_at IS NULL
      AND EXISTS (SELECT 1 FROM ${users} u WHERE u.id = ${sessions}.user_id AND ${openTo(owner)})`;
  }

  /** For an account that the login of `now` was noted of, and that is therefore locked. */
  private openSession(
    owner: Owner,
    session: NewSession,
    device: LoginDevice | null,
    now: number,
  ): Sql {
    const { row } = session;
    const deviceId = device ? this.devices.idFor(session, device) : raw('NULL');
    const columns = raw(Object.keys(row).join(', '));
    const live = this.sessionsService.liveSql(raw('s'));
    return sql`INSERT INTO ${this.sessions} (user_id, device_id, ${columns})
      SELECT u.id, ${deviceId}, ${join(Object.values(row))} FROM ${this.users} u
      WHERE ${openTo(owner)} AND u.last_login = ${now}
      AND (SELECT COUNT(*) FROM ${this.sessions} s ${byIndex(this.dataSource, 'ix_sessions_user_id')}
        WHERE s.user_id = u.id AND ${live}) < ${this.env.MAX_SESSIONS_PER_USER}`;
  }

  private findAccount(owner: Owner): Selection<AccountRow> {
    return rowsOf(
      'mobile' in owner
        ? sql`SELECT id, status FROM ${this.users} WHERE mobile = ${owner.mobile}`
        : sql`SELECT id, status, password_hash FROM ${this.users} WHERE id = ${owner.id}`,
    );
  }
}

/** Matches the account, in a statement that calls it `u`, if the owner may log in. */
function openTo(owner: Owner): Sql {
  return 'mobile' in owner
    ? sql`u.mobile = ${owner.mobile} AND u.status = 'active'`
    : sql`u.id = ${owner.id} AND u.status = 'active'
        AND COALESCE(u.password_hash, '') = ${owner.passwordHash ?? ''}`;
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
