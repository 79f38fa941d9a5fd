import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { BY_SYSTEM } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { SessionsService } from '../sessions/sessions.service';
import { retrying } from '../storage/retrying';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { MobileChange } from '../users/mobile-change.entity';
import { type Authority, PrivilegesService } from '../users/privileges.service';
import { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import { NumberMovesService } from './mobile-changes/number-moves.service';

/** What operators do to a user. Each throws ApiException `NOT_FOUND` or `FORBIDDEN`. */
@Injectable()
export class UserOperationsService {
  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly moves: NumberMovesService,
    private readonly privileges: PrivilegesService,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
  ) {}

  /**
   * Disables a user and ends their sessions: whatever races this, no live session is left, and no number waits to move.
   *
   * @throws ApiException `LAST_ADMIN`.
   */
  async disable(id: string, order: Authority = BY_SYSTEM): Promise<void> {
    const ended = await this.change(id, order, async (manager, user) => {
      await this.privileges.assertNotLastAdmin(manager, user);
      await this.users.setStatus(manager, id, 'disabled', order);
      await this.moves.cancelWaiting(manager, id, told(order));
      return this.sessions.endAll(manager, id, { ...order, reason: 'disabled' });
    });
    this.sessions.revoke(ended);
  }

  /** Lets a user log in again. Where two numbers contested the account, the one that it has wins. */
  async enable(id: string, order: Authority): Promise<void> {
    await this.change(id, order, async (manager) => {
      const contested = { activeOf: id, state: 'recovery' } as const;
      const change = await manager.findOneBy(MobileChange, contested);
      if (change) await this.moves.end(manager, change, 'reverted');
      await this.users.setStatus(manager, id, 'active', order);
    });
  }

  /** Takes an operator's word that the number is still the user's, as if a code had proved it. */
  async vouch(id: string, order: Authority): Promise<void> {
    await this.change(id, order, async (manager) => {
      await manager.update(User, { id }, { verifiedAt: this.clock.date(), releasedAt: null });
      await this.changes.write(manager, { ...told(order), action: 'number.vouched', userId: id });
    });
  }

  /** Ends the sessions and devices of a user. */
  async endSessions(id: string, order: Authority): Promise<void> {
    const ended = await this.change(id, order, (manager) =>
      this.sessions.endAll(manager, id, { ...order, reason: 'revoked' }),
    );
    this.sessions.revoke(ended);
  }

  /** Ends one of them; the devices stay. */
  async endSession(id: string, sessionId: string, order: Authority): Promise<void> {
    const user = await this.users.findById(id);
    if (!user) throw new ApiException('NOT_FOUND');
    this.privileges.assertMayActOn(user, order);
    await this.sessions.endOwn(id, sessionId, { ...order, reason: 'revoked' });
  }

  /** Tells a number, which is on record before it is told. */
  async reveal(id: string, order: Authority): Promise<string | null> {
    return this.change(id, order, async (manager, { mobile }) => {
      await this.changes.write(manager, { ...told(order), action: 'number.revealed', userId: id });
      return mobile;
    });
  }

  private change<T>(
    id: string,
    order: Authority,
    work: (manager: EntityManager, user: User) => Promise<T>,
  ): Promise<T> {
    const attempt = async (manager: EntityManager) =>
      work(manager, await this.privileges.lock(manager, id, order));
    return retrying(() => this.dataSource.transaction(attempt), isCollision);
  }
}

const told = ({ actor, origin, reason }: Authority) => ({ actor, origin, reason });
