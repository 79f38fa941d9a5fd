import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { byUser } from '../../audit/change';
import { originOf } from '../../audit/origin';
import type { Challenge } from '../../codes/challenge.entity';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import type { E164 } from '../../common/phone-number';
import { Snowflake } from '../../common/snowflake';
import type { Caller } from '../../contract/caller.decorator';
import { SessionsService } from '../../sessions/sessions.service';
import { together } from '../../storage/queries';
import { retrying } from '../../storage/retrying';
import { duplicateKey, isCollision } from '../../storage/sql-errors';
import { TANDEM } from '../../storage/tandem';
import { MobileChange, type MobileChangeState } from '../../users/mobile-change.entity';
import { NoticesService } from '../../users/notices/notices.service';
import { type Authority, PrivilegesService } from '../../users/privileges.service';
import { release, reservation } from '../../users/reserved-number';
import type { User } from '../../users/user.entity';
import { WINDOW_MS } from './change-times';
import { assertActive, NumberMovesService } from './number-moves.service';

/** What becomes of the change that an order takes the place of. */
const REPLACED = {
  moved: 'confirmed',
  undone: 'reverted',
  recovery: 'reverted',
} as const satisfies Partial<Record<MobileChangeState, MobileChangeState>>;

/** Numbers that operators give to users who have lost theirs: each waits, kept, until its holder proves it by a login. */
@Injectable()
export class OrderedChangesService {
  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly ids: Snowflake,
    private readonly moves: NumberMovesService,
    private readonly notices: NoticesService,
    private readonly privileges: PrivilegesService,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * @throws ApiException `NOT_FOUND`, `FORBIDDEN`, `LAST_ADMIN`, `MOBILE_TAKEN`, or `VALIDATION_FAILED` for a number that
   *   cannot be.
   */
  async order(userId: string, mobile: E164, by: Authority): Promise<MobileChange> {
    // Whoever has taken a session of an admin over would keep the account by it.
    if (by.actor.kind === 'operator' && by.actor.id === userId) throw new ApiException('FORBIDDEN');
    const order = async (manager: EntityManager) => {
      const user = await this.privileges.lock(manager, userId, by);
      this.assertUsable(user, mobile);
      await this.privileges.assertNotLastAdmin(manager, user);
      await this.endActive(manager, userId, by);
      return this.orderIn(manager, user, mobile, by);
    };
    return retrying(() => this.dataSource.transaction(order), isCollision);
  }

  /**
   * Moves a number that was ordered, for its code was right.
   *
   * @returns false for one that is kept for another reason.
   * @throws ApiException `USER_DISABLED`.
   */
  async fulfil(changeId: string, challenge: Challenge, caller: Caller): Promise<boolean> {
    const fulfil = async (manager: EntityManager) => {
      const locked = await this.moves.lock(manager, changeId, 'ordered');
      const { user, change } = locked;
      assertActive(locked);
      const proved = { provedAt: this.clock.date(), challengeId: challenge.id };
      Object.assign(change, proved);
      await manager.update(MobileChange, { id: changeId }, proved);
      await together(manager, release(this.dataSource, changeId));
      const by = { actor: byUser(user.id), origin: originOf(caller) };
      return this.moves.move(manager, locked, by);
    };
    try {
      this.sessions.revoke(await retrying(() => this.dataSource.transaction(fulfil), isCollision));
      return true;
    } catch (error) {
      if (error instanceof ApiException && error.errorCode === 'NOT_FOUND') return false;
      throw error;
    }
  }

  private async orderIn(
    manager: EntityManager,
    user: User,
    mobile: E164,
    { actor, origin, reason }: Authority,
  ): Promise<MobileChange> {
    const [id, now, userId] = [this.ids.next(), this.clock.now(), user.id];
    await manager.insert(MobileChange, {
      id,
      userId,
      activeOf: userId,
      state: 'ordered',
      proof: 'operator',
      fromMobile: user.mobile,
      toMobile: mobile,
      createdAt: this.clock.date(),
      dueAt: new Date(now + WINDOW_MS),
    });
    await this.reserve(manager, id, mobile, now);
    const change = await manager.findOneByOrFail(MobileChange, { id });
    const by = { actor, origin, reason };
    await this.moves.note(manager, 'mobile_change.requested', change, by);
    await this.notices.write(manager, { kind: 'mobile_change_requested', userId });
    return change;
  }

  private async reserve(
    manager: EntityManager,
    id: string,
    mobile: E164,
    now: number,
  ): Promise<void> {
    try {
      await together(manager, reservation(this.dataSource, id, mobile, now));
    } catch (error) {
      if (duplicateKey(error)?.endsWith('mobile')) throw new ApiException('MOBILE_TAKEN');
      throw error;
    }
  }

  private async endActive(
    manager: EntityManager,
    activeOf: string,
    { actor, origin, reason }: Authority,
  ): Promise<void> {
    const active = await manager.findOneBy(MobileChange, { activeOf });
    if (!active) return;
    const state = REPLACED[active.state as keyof typeof REPLACED] ?? 'cancelled';
    await this.moves.close(manager, active, state, { actor, origin, reason });
  }

  private assertUsable(user: User, mobile: E164): void {
    const isTest = this.privileges.isTestNumber({ mobile });
    if (!isTest && user.mobile !== mobile) return;
    const problem = isTest ? 'must not be a test number' : 'is the present one';
    throw new ApiException('VALIDATION_FAILED', { message: [`mobile ${problem}`] });
  }
}
