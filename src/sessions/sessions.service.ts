import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import {
  DataSource,
  type EntityManager,
  type FindOptionsWhere,
  IsNull,
  MoreThan,
  Not,
  Repository,
} from 'typeorm';
import { Clock } from '../common/clock';
import type { Principal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { Snowflake } from '../common/snowflake';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import { retrying } from '../storage/retrying';
import { NOTHING, type Sql, sql } from '../storage/sql';
import { sqlNow } from '../storage/sql-clock';
import { isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { idleSince } from './activity.service';
import type { ClientDevice } from './client-device';
import { RevocationListService } from './revocation-list.service';
import { DevicesService } from './devices.service';
import { type EndReason, type OpenedSession, Session } from './session.entity';
import { type ShownTimes, shownTimesOf } from './shown-times';

/** How many ended sessions their owner gets to see. */
const MAX_LISTED = 100;

type SessionWhere = FindOptionsWhere<Session>;

/** The `sub` and `sid` of a token. The user tells a sharded database where the session is. */
type Holder = Pick<Principal, 'userId' | 'sessionId'>;

export interface NewSession {
  /** By column, but for its user and device. */
  readonly row: Readonly<{
    id: string;
    challenge_id: string | null;
    generation: number;
    created_at: number;
    last_used_at: number;
    expires_at: number;
    device: string | null;
    network: string;
  }>;
  of(userId: string, deviceId: string | null): OpenedSession;
}

@Injectable()
export class SessionsService {
  constructor(
    @InjectRepository(Session, TANDEM) private readonly sessions: Repository<Session>,
    private readonly clock: Clock,
    private readonly devices: DevicesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly ids: Snowflake,
    private readonly metrics: MetricsService,
    private readonly revocations: RevocationListService,
  ) {}

  /** A session that a login is about to open. */
  newSession(challengeId: string | null, client: ClientDevice): NewSession {
    const [id, issuedAt] = [this.ids.next(), this.clock.date()];
    const expiresAt = new Date(issuedAt.getTime() + this.env.REFRESH_TOKEN_TTL * 1000);
    const row = {
      id,
      challenge_id: challengeId,
      generation: 0,
      created_at: issuedAt.getTime(),
      last_used_at: issuedAt.getTime(),
      expires_at: expiresAt.getTime(),
      ...client,
    };
    return {
      row,
      of: (userId, deviceId) => ({ id, userId, deviceId, generation: 0, issuedAt, expiresAt }),
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

  /** Newest first. */
  listLive(userId: string): Promise<Session[]> {
    return this.sessions.find({
      where: { userId, ...this.whileLive() },
      order: { createdAt: 'DESC', id: 'DESC' },
    });
  }

  /** The ones that ended last first, as long as they are on record. */
  listEnded(userId: string): Promise<Session[]> {
    return this.sessions.find({
      where: { userId, endedAt: Not(IsNull()) },
      order: { endedAt: 'DESC' },
      take: MAX_LISTED,
    });
  }

  shownTimesOf(session: Session): ShownTimes {
    return shownTimesOf(session, this.env.SESSION_IDLE_TTL);
  }

  /** Ends a session; one that has ended keeps its first reason. Its tokens stop working here at once. */
  async end({ sessionId: id, userId }: Holder, reason: EndReason): Promise<void> {
    const end = () => this.endWhere(this.dataSource.manager, { id, userId }, reason);
    await retrying(end, isDeadlock);
    // Also when it had ended: an earlier call may have been given up before it learned that it succeeded.
    this.revoke([id]);
  }

  /** @throws ApiException `NOT_FOUND` unless the user has such a session and it lives. */
  async endOwn(userId: string, id: string, reason: EndReason): Promise<void> {
    const live = { id, userId, ...this.whileLive() };
    const end = () => this.endWhere(this.dataSource.manager, live, reason);
    const ended = await retrying(end, isDeadlock);
    if (ended === 0) throw new ApiException('NOT_FOUND');
    this.revoke([id]);
  }

  /** Ends every session and device of a user but one. */
  async endOthers(userId: string, keptId: string, reason: EndReason): Promise<void> {
    const end = (manager: EntityManager) => this.endAll(manager, userId, reason, keptId);
    this.revoke(await retrying(() => this.dataSource.transaction(end), isDeadlock));
  }

  /**
   * Ends every session and device of a user, or all but one session and its device, in a transaction.
   *
   * @returns their ids, for {@link revoke} after the commit; other nodes learn of it by themselves.
   */
  async endAll(
    manager: EntityManager,
    userId: string,
    reason: EndReason,
    keptId?: string,
  ): Promise<string[]> {
    const where = { userId, endedAt: IsNull(), ...(keptId && { id: Not(keptId) }) };
    const sessions = await manager.find(Session, { where, select: { id: true } });
    await this.endWhere(manager, where, reason);
    await this.devices.endAll(manager, userId, keptId);
    return sessions.map(({ id }) => id);
  }

  /** Makes this node refuse the tokens of sessions that have ended, at once. */
  revoke(ids: string[]): void {
    for (const id of ids) this.revocations.add(id);
  }

  /** The session that a login opened with a challenge, dead or alive. */
  findByChallenge(challengeId: string): Promise<OpenedSession | null> {
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

  /** @returns how many sessions this call ended. */
  private async endWhere(
    manager: EntityManager,
    where: SessionWhere,
    endReason: EndReason,
  ): Promise<number> {
    const endedAt = () => sqlNow(this.dataSource).text;
    const unended = { ...where, endedAt: IsNull() };
    // Not `manager.update`: before the first connection TypeORM would call the entity as a function.
    const sessions = manager.getRepository(Session);
    const { affected } = await sessions.update(unended, { endedAt, endReason });
    this.metrics.sessionsEnded(endReason, affected ?? 0);
    return affected ?? 0;
  }
}
