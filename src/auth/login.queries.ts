import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { byUser, type Change } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { Clock } from '../common/clock';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import { type NewSession, SessionsService } from '../sessions/sessions.service';
import { atomically, byIndex, nameIn, rowsOf, type Selection } from '../storage/queries';
import { type Integer, join, NOTHING, raw, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { NoticesService } from '../users/notices/notices.service';
import { verificationAt } from '../users/number-ties.service';
import { RESERVED } from '../users/reserved-number';
import { rolesOf } from '../users/roles';
import type { UserStatus } from '../users/user.entity';
import { DeviceQueries, type LoginDevice } from './device.queries';
import { type Login, type NumberOwner, openTo, type Owner } from './login';
import { type Surplus, SurplusSessionQueries } from './surplus-session.queries';

/** An account after a login. */
interface Account {
  readonly id: string;
  readonly status: UserStatus | typeof RESERVED;
  readonly roles: readonly string[];
  /** Whether its password is still the one that was checked, where one was, or its number was not lost since it was proved. */
  readonly isProved: boolean;
  /** Whether it has the new session: not when `MAX_SESSIONS_PER_USER` others leave no room. */
  readonly hasSession: boolean;
  /** That of the new session. */
  readonly deviceId: string | null;
}

/** What a login does with its user, session and device, in one call. */
@Injectable()
export class LoginQueries {
  private readonly users: Sql;
  private readonly sessions: Sql;

  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly devices: DeviceQueries,
    private readonly env: Env,
    private readonly metrics: MetricsService,
    private readonly notices: NoticesService,
    private readonly sessionsService: SessionsService,
    private readonly surplus: SurplusSessionQueries,
  ) {
    this.users = nameIn(dataSource, 'users');
    this.sessions = nameIn(dataSource, 'sessions');
  }

  /**
   * Notes a login and opens its session if there is room for it. The account is locked meanwhile, so that one that
   * is being disabled, or whose password is changing, either has the session ended with the others or does not get it.
   *
   * @param surplus sessions to end first.
   * @returns null for an unknown account.
   * @throws QueryFailedError on `uq_sessions_challenge_id` when another login consumed the challenge.
   */
  async logIn(login: Login, surplus?: Surplus): Promise<Account | null> {
    const { owner, session, device } = login;
    const now = this.clock.now();
    const allowed = sql`SELECT u.id FROM ${this.users} u WHERE ${openTo(owner)}`;
    // Behind the session, which only they are given, it is enough whose it is.
    const user = this.idOf(owner);
    const { opened, replaced, added, account } = await atomically(this.dataSource, {
      noted: this.noteLogin(owner, now),
      ...(surplus && this.surplus.replace(login, surplus)),
      kept: device?.shown ? this.devices.keep(device.shown, session, allowed) : undefined,
      opened: this.openSession(owner, session, device, now),
      added: device ? this.devices.add(session, device.fresh, user) : undefined,
      ...this.changes.tell(...this.changesOf(login, user)),
      noticed: device ? this.noticeOf(session, user) : undefined,
      trimmed: device ? this.devices.trim(user) : undefined,
      account: this.findAccount(owner),
    });
    if (replaced !== undefined) this.metrics.sessionsEnded('replaced', replaced);
    const [row] = account;
    if (!row) return null;
    const deviceId = added === 1 ? session.row.id : (device?.shown?.id ?? null);
    return { hasSession: opened === 1, deviceId, ...accountOf(row, owner) };
  }

  private idOf(owner: Owner): Sql {
    return 'mobile' in owner
      ? sql`SELECT u.id FROM ${this.users} u WHERE u.mobile = ${owner.mobile}`
      : sql`${owner.id}`;
  }

  private noteLogin(owner: Owner, now: number): Sql {
    const verified = 'mobile' in owner ? sql`, ${verificationAt(now)}` : NOTHING;
    return sql`UPDATE ${this.users} AS u SET last_login = ${now}${verified} WHERE ${openTo(owner)}`;
  }

  /** What becomes true only with the session, and the device, that it opens. */
  private changesOf(
    { owner, session, device, requestId }: Login,
    user: Sql,
  ): [Change, ...Change[]] {
    const { id, network } = session.row;
    const told = { sessionId: id, origin: { network, requestId } };
    const started: Change = {
      action: 'session.started',
      ...told,
      ...ownedBy(raw('s.user_id')),
      detail: { method: 'mobile' in owner ? 'code' : 'password' },
      when: sql`FROM ${this.sessions} s WHERE s.id = ${id} AND s.user_id = (${user})`,
    };
    if (!device) return [started];
    const added: Change = {
      action: 'device.added',
      ...told,
      ...ownedBy(raw('d.user_id')),
      detail: { device_id: id },
      when: this.devices.isAdded(session, user),
    };
    const trimmed: Change = {
      action: 'device.ended',
      ...told,
      ...ownedBy(raw('only_row.user_id')),
      reason: 'replaced',
      when: this.devices.isTrimmed(user),
    };
    return [started, added, trimmed];
  }

  private noticeOf(session: NewSession, user: Sql): Sql {
    return this.notices.tell({
      kind: 'device_added',
      userId: raw('d.user_id'),
      sessionId: session.row.id,
      when: this.devices.isAddedToOthers(session, user),
    });
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
    return sql`INSERT INTO ${this.sessions} (user_id, device_id, ${columns})
      SELECT u.id, ${deviceId}, ${join(Object.values(row))} FROM ${this.users} u
      WHERE ${openTo(owner)} AND u.last_login = ${now}
      AND ${this.hasRoomFor(session)}`;
  }

  /** Matches a user, in a statement that calls them `u`, who has room for a session: in total and for its type. */
  private hasRoomFor({ row: { device_type: type } }: NewSession): Sql {
    const { total, [type]: ofType } = this.env.sessionAllowance;
    const live = this.sessionsService.liveSql(raw('s'));
    const count = sql`SELECT COUNT(*) FROM ${this.sessions} s ${byIndex(this.dataSource, 'ix_sessions_user_id')}
      WHERE s.user_id = u.id AND ${live}`;
    const isBelowTotal = sql`(${count}) < ${total}`;
    if (ofType === undefined) return isBelowTotal;
    return sql`${isBelowTotal} AND (${count} AND s.device_type = ${type}) < ${ofType}`;
  }

  private findAccount(owner: Owner): Selection<AccountRow> {
    return rowsOf(
      'mobile' in owner
        ? sql`SELECT u.id, u.status, u.roles, ${isProved(owner)} AS is_proved
            FROM ${this.users} u WHERE u.mobile = ${owner.mobile}`
        : sql`SELECT id, status, roles, password_hash FROM ${this.users} WHERE id = ${owner.id}`,
    );
  }
}

/** Of a change that users make to themselves. */
const ownedBy = (userId: Sql) => ({ userId, actor: byUser(userId) });

const isProved = ({ holder }: NumberOwner) =>
  holder ? sql`CASE WHEN ${holder} THEN 1 ELSE 0 END` : raw('1');

interface AccountRow extends Record<string, unknown> {
  id: Integer;
  status: UserStatus | typeof RESERVED;
  roles: string | null;
  password_hash?: string | null;
  is_proved?: Integer | number;
}

function accountOf(row: AccountRow, owner: Owner) {
  const { id, status, roles, password_hash: passwordHash } = row;
  const holds =
    'mobile' in owner ? Number(row.is_proved) === 1 : passwordHash === owner.passwordHash;
  return { id: String(id), status, roles: rolesOf(roles), isProved: holds };
}
