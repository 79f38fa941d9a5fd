import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import {
  DataSource,
  type EntityManager,
  type FindOptionsWhere,
  In,
  IsNull,
  MoreThan,
  Repository,
} from 'typeorm';
import { Clock } from '../common/clock';
import type { Principal } from '../contract/current-user.decorator';
import type { DeviceType } from '../common/device-type';
import { ApiException } from '../common/errors';
import { Snowflake } from '../common/snowflake';
import { Env } from '../config/env';
import { forUpdate, nameIn } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { execute } from '../storage/runner';
import { NOTHING, raw, type Sql, sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { idleSince } from './activity.service';
import type { ClientDevice } from './client-device';
import { RevocationListService } from './revocation-list.service';
import { DevicesService } from './devices.service';
import { type Factor, type OpenedSession, Session, SPENT } from './session.entity';
import { type Ending, SessionEndsQueries } from './session-ends.queries';
import { type ShownTimes, shownTimesOf } from './shown-times';

/** How many ended sessions their owner gets to see. */
const MAX_LISTED = 100;

type SessionWhere = FindOptionsWhere<Session>;

/** The `sub` and `sid` of a token. The user tells a sharded database where the session is. */
export type Holder = Pick<Principal, 'userId' | 'sessionId'>;

/** What a login leaves of the key that it carried, by column. */
export type LoginTrace = Readonly<Record<'refresh_key' | 'login_key', string>>;

interface LoginMarks {
  /** Unless the challenge tells. */
  readonly factor?: Factor;
  readonly traceOf?: (sessionId: string) => LoginTrace;
}

export interface NewSession {
  /** By column, but for its user and device. */
  readonly row: Readonly<{
    id: string;
    challenge_id: string | null;
    generation: number;
    created_at: number;
    last_used_at: number;
    expires_at: number;
    amr: Factor;
    device: string | null;
    device_type: DeviceType;
    network: string;
    refresh_key: string | null;
    login_key: string | null;
  }>;
  of(userId: string, deviceId: string | null, roles: readonly string[]): OpenedSession;
}

@Injectable()
export class SessionsService {
  constructor(
    @InjectRepository(Session, TANDEM) private readonly sessions: Repository<Session>,
    private readonly clock: Clock,
    private readonly devices: DevicesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly ends: SessionEndsQueries,
    private readonly env: Env,
    private readonly ids: Snowflake,
    private readonly revocations: RevocationListService,
  ) {}

  /** A session that a login is about to open. */
  newSession(
    challengeId: string | null,
    client: ClientDevice,
    { factor = challengeId === null ? 'pwd' : 'sms', traceOf }: LoginMarks = {},
  ): NewSession {
    const [id, issuedAt] = [this.ids.next(), this.clock.date()];
    const expiresAt = new Date(issuedAt.getTime() + this.env.REFRESH_TOKEN_TTL * 1000);
    const row = {
      id,
      challenge_id: challengeId,
      generation: 0,
      created_at: issuedAt.getTime(),
      last_used_at: issuedAt.getTime(),
      expires_at: expiresAt.getTime(),
      amr: factor,
      device: client.device,
      device_type: client.deviceType,
      network: client.network,
      ...(traceOf?.(id) ?? { refresh_key: null, login_key: null }),
    };
    return {
      row,
      of: (userId, deviceId, roles) => ({
        id,
        userId,
        deviceId,
        generation: 0,
        issuedAt,
        expiresAt,
        roles,
      }),
    };
  }

  /** Matches live sessions, in statements that call the table so. */
  liveSql(alias: Sql): Sql {
    const { expiresAfter, usedAfter } = this.liveTimes();
    const isUsed =
      usedAfter === undefined ? NOTHING : sql` AND ${alias}.last_used_at > ${usedAfter}`;
    return sql`${alias}.ended_at IS NULL AND ${alias}.expires_at > ${expiresAfter}${isUsed}`;
  }

  findLive({ sessionId: id, userId }: Holder): Promise<Session | null> {
    return this.sessions.findOneBy({ id, userId, ...this.whileLive() });
  }

  /**
   * The same in a transaction, until whose commit the session does not end: what is done in one that is being ended is
   * done before, and seen by whoever ends it, or not at all.
   */
  async lockLive({ queryRunner }: EntityManager, { sessionId, userId }: Holder): Promise<boolean> {
    const rows = await execute(
      queryRunner!,
      sql`SELECT s.id FROM ${nameIn(this.dataSource, 'sessions')} s WHERE s.id = ${sessionId}
        AND s.user_id = ${userId} AND ${this.liveSql(raw('s'))} ${forUpdate(this.dataSource)}`,
    );
    return (rows as unknown[]).length > 0;
  }

  /** The same for what its holder alone may do: somebody else may have the account by now. @throws ApiException `UNAUTHORIZED`. */
  async assertLocked(manager: EntityManager, holder: Holder): Promise<void> {
    if (!(await this.lockLive(manager, holder))) throw new ApiException('UNAUTHORIZED');
  }

  /** Of several holders, in one statement. */
  findAllLive(holders: readonly Holder[]): Promise<Session[]> {
    const [ids, users] = [holders.map((one) => one.sessionId), holders.map((one) => one.userId)];
    return this.sessions.findBy({ id: In(ids), userId: In(users), ...this.whileLive() });
  }

  /** Newest first. */
  listLive(userId: string): Promise<Session[]> {
    return this.sessions.find({
      where: { userId, ...this.whileLive() },
      order: { createdAt: 'DESC', id: 'DESC' },
    });
  }

  /** The ones that ended last first, as long as they are on record, and none of whoever had the account before. */
  listEnded(userId: string): Promise<Session[]> {
    const holder = `(SELECT u.holder_since FROM ${nameIn(this.dataSource, 'users').text} u WHERE u.id = s.user_id)`;
    return this.sessions
      .createQueryBuilder('s')
      .where('s.user_id = :userId AND s.ended_at IS NOT NULL', { userId })
      .andWhere('s.end_reason <> :spent', { spent: SPENT })
      .andWhere(`s.created_at >= COALESCE(${holder}, 0)`)
      .orderBy('s.endedAt', 'DESC')
      .take(MAX_LISTED)
      .getMany();
  }

  shownTimesOf(session: Session): ShownTimes {
    return shownTimesOf(session, this.env.SESSION_IDLE_TTL);
  }

  /** Ends a session; one that has ended keeps its first reason. Its tokens stop working here at once. */
  async end({ sessionId: id, userId }: Holder, ending: Ending): Promise<void> {
    const one = sql`s.id = ${id} AND s.user_id = ${userId}`;
    await retrying(() => this.ends.endOne(one, ending), isCollision);
    // Also when it had ended: an earlier call may have been given up before it learned that it succeeded.
    this.revoke([id]);
  }

  /** @throws ApiException `NOT_FOUND` unless the user has such a session and it lives. */
  async endOwn(userId: string, id: string, ending: Ending): Promise<void> {
    const end = () => {
      const live = sql`s.id = ${id} AND s.user_id = ${userId} AND ${this.liveSql(raw('s'))}`;
      return this.ends.endOne(live, ending);
    };
    if (!(await retrying(end, isCollision))) throw new ApiException('NOT_FOUND');
    this.revoke([id]);
  }

  /**
   * Ends every session and device of a user, or all but one session and its device, in a transaction.
   *
   * @returns their ids, for {@link revoke} after the commit; other nodes learn of it by themselves.
   */
  async endAll(
    manager: EntityManager,
    userId: string,
    ending: Ending,
    keptId?: string,
  ): Promise<string[]> {
    const others = keptId ? sql` AND s.id <> ${keptId}` : NOTHING;
    const ended = await this.ends.endAll(manager, sql`s.user_id = ${userId}${others}`, ending);
    await this.devices.endAll(manager, userId, ending, keptId);
    return ended.map(({ id }) => id);
  }

  /** Makes this node refuse the tokens of sessions that have ended, at once. */
  revoke(ids: string[]): void {
    for (const id of ids) this.revocations.add(id);
  }

  /** The session that a login opened with a challenge, dead or alive. */
  findByChallenge(challengeId: string): Promise<Session | null> {
    return this.sessions.findOneBy({ challengeId });
  }

  /** {@link liveSql} for finders. */
  private whileLive(): SessionWhere {
    const { expiresAfter, usedAfter } = this.liveTimes();
    return {
      endedAt: IsNull(),
      expiresAt: MoreThan(new Date(expiresAfter)),
      ...(usedAfter !== undefined && { lastUsedAt: MoreThan(new Date(usedAfter)) }),
    };
  }

  /** A session lives while it has not ended, has not expired and is not idle for too long. Epoch milliseconds. */
  private liveTimes(): { expiresAfter: number; usedAfter?: number } {
    const now = this.clock.now();
    return { expiresAfter: now, usedAfter: idleSince(this.env.SESSION_IDLE_TTL, now) };
  }
}
