import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { By } from '../../audit/change';
import { ChangesService } from '../../audit/changes.service';
import { ownChange } from '../../audit/origin';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import { RedactingLogger } from '../../common/redacting-logger';
import { Env } from '../../config/env';
import type { Caller } from '../../contract/caller.decorator';
import type { Principal } from '../../contract/current-user.decorator';
import { orWarn } from '../../observability/or-warn';
import { SessionsService } from '../../sessions/sessions.service';
import { atomically, forUpdate, nameIn, together } from '../../storage/queries';
import { retrying } from '../../storage/retrying';
import { sql } from '../../storage/sql';
import { isCollision } from '../../storage/sql-errors';
import { TANDEM } from '../../storage/tandem';
import { NoticesService } from '../../users/notices/notices.service';
import { MobileChange } from '../../users/mobile-change.entity';
import { type Authority, PrivilegesService } from '../../users/privileges.service';
import { User } from '../../users/user.entity';
import { NumberMovesService } from '../mobile-changes/number-moves.service';
import { RecentLoginService } from '../recent-login.service';
import { ErasureService } from './erasure.service';

/** Has users deleted: their sessions end at once, they themselves are erased after `DELETION_GRACE`. */
@Injectable()
export class DeletionService {
  private readonly logger = new RedactingLogger(DeletionService.name);

  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly erasure: ErasureService,
    private readonly moves: NumberMovesService,
    private readonly notices: NoticesService,
    private readonly privileges: PrivilegesService,
    private readonly recentLogins: RecentLoginService,
    private readonly sessions: SessionsService,
  ) {}

  /** @throws ApiException `RECENT_CODE_REQUIRED` or `LAST_ADMIN`. */
  async requestOwn(principal: Principal, caller: Caller): Promise<Date> {
    await this.recentLogins.assertRecentCode(principal);
    return this.requestProved(principal, caller);
  }

  /** For a user who has just proved a code. @throws ApiException `LAST_ADMIN`. */
  async requestProved(principal: Principal, caller: Caller): Promise<Date> {
    const { userId, sessionId } = principal;
    const graceSeconds = Math.max(this.env.DELETION_GRACE, await this.secondsKept(userId));
    return this.request(userId, { ...ownChange(userId, caller), sessionId }, graceSeconds);
  }

  /** @throws ApiException `RECENT_CODE_REQUIRED`, or `NOT_FOUND` when nothing is to be cancelled. */
  async cancelOwn(principal: Principal, caller: Caller): Promise<void> {
    await this.recentLogins.assertRecentCode(principal);
    const { userId } = principal;
    if (!(await this.cancel(userId, ownChange(userId, caller))))
      throw new ApiException('NOT_FOUND');
  }

  /**
   * A user who is to be deleted already keeps the earlier of the two times.
   *
   * @param graceSeconds until they are erased; 0 does it before this returns, or, should that fail, within seconds.
   * @returns when they are.
   * @throws ApiException `NOT_FOUND`, `FORBIDDEN` or `LAST_ADMIN`.
   */
  async request(
    userId: string,
    by: By & Authority & { sessionId?: string },
    graceSeconds = this.env.DELETION_GRACE,
  ): Promise<Date> {
    const at = new Date(this.clock.now() + graceSeconds * 1000);
    const change = (manager: EntityManager) => this.requestIn(manager, userId, at, by);
    const { ended, deletionAt } = await retrying(
      () => this.dataSource.transaction(change),
      isCollision,
    );
    this.sessions.revoke(ended);
    if (graceSeconds === 0) {
      await orWarn(this.logger, 'User is not erased yet', () => this.erasure.erase(userId));
    }
    return deletionAt;
  }

  /** @returns whether the user was to be deleted, and is not any more. */
  async cancel(userId: string, by: By): Promise<boolean> {
    const table = nameIn(this.dataSource, 'users');
    const pending = sql`id = ${userId} AND deletion_at IS NOT NULL`;
    const when = sql`FROM ${table} WHERE ${pending} ${forUpdate(this.dataSource)}`;
    const cancel = () =>
      atomically(this.dataSource, {
        ...this.changes.tell({ action: 'user.deletion_cancelled', ...by, userId, when }),
        cancelled: sql`UPDATE ${table} SET deletion_at = NULL, updated_at = ${this.clock.now()} WHERE ${pending}`,
      });
    const { cancelled } = await retrying(cancel, isCollision);
    return cancelled === 1;
  }

  /** How long a user who had another number lately may still have the account back. */
  private async secondsKept(activeOf: string): Promise<number> {
    const change = await this.dataSource.manager.findOneBy(MobileChange, { activeOf });
    const isKept = change?.state === 'moved' || change?.state === 'undone';
    return isKept ? Math.ceil((+change.dueAt! - this.clock.now()) / 1000) : 0;
  }

  private async requestIn(
    manager: EntityManager,
    userId: string,
    at: Date,
    by: By & Authority & { sessionId?: string },
  ) {
    const user = await this.privileges.lock(manager, userId, by);
    const { sessionId } = by;
    const isOwn = by.actor.kind === 'user' && sessionId !== undefined;
    if (isOwn) await this.sessions.assertLocked(manager, { userId, sessionId });
    await this.privileges.assertNotLastAdmin(manager, user);
    const isSooner = user.deletionAt === null || at < user.deletionAt;
    if (isSooner) {
      await manager.update(User, { id: userId }, { deletionAt: at });
      const detail = { delete_at: at.toISOString() };
      const { outbox, audit } = this.changes.tell({
        action: 'user.deletion_requested',
        ...toldBy(by),
        userId,
        detail,
      });
      const noticed = this.notices.tell({ kind: 'deletion_requested', userId, sessionId });
      await together(manager, outbox, audit, noticed);
    }
    await this.moves.cancelWaiting(manager, userId, toldBy(by));
    const ended = await this.sessions.endAll(manager, userId, { ...toldBy(by), reason: 'deleted' });
    return { ended, deletionAt: isSooner ? at : user.deletionAt! };
  }
}

/** An operator is more than what is told of them. */
const toldBy = ({ actor, origin, reason }: By): By => ({ actor, origin, reason });
