import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager, In } from 'typeorm';
import type { Action } from '../../audit/actions';
import type { By } from '../../audit/change';
import { ChangesService } from '../../audit/changes.service';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import { type E164, maskMobile } from '../../common/phone-number';
import { DevicesService } from '../../sessions/devices.service';
import { SessionsService } from '../../sessions/sessions.service';
import { together } from '../../storage/queries';
import { duplicateKey } from '../../storage/sql-errors';
import { TANDEM } from '../../storage/tandem';
import { MobileChange, type MobileChangeState } from '../../users/mobile-change.entity';
import { NoticesService } from '../../users/notices/notices.service';
import { release, reservation } from '../../users/reserved-number';
import { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import { isOldCredential, WINDOW_MS } from './change-times';

/** What the end of a change is told as: its number comes no more, or is the user's for good, the new one or that of before. */
const TOLD_AS = {
  cancelled: 'mobile_change.cancelled',
  taken: 'mobile_change.cancelled',
  confirmed: 'mobile_change.confirmed',
  reverted: 'mobile_change.confirmed',
} as const satisfies Partial<Record<MobileChangeState, Action>>;

/** A user who is locked, and their change. */
export interface Locked {
  readonly user: User;
  readonly change: MobileChange;
}

/** What a number's move does, as parts of a transaction. Whoever changes a `MobileChange` locks its user first. */
@Injectable()
export class NumberMovesService {
  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly devices: DevicesService,
    private readonly notices: NoticesService,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
  ) {}

  /** @throws ApiException `NOT_FOUND` unless there is such a change in one of these states. */
  async lock(
    manager: EntityManager,
    changeId: string,
    ...states: readonly MobileChangeState[]
  ): Promise<Locked> {
    const known = await manager.findOneBy(MobileChange, { id: changeId });
    const user = await this.users.lock(manager, known?.userId ?? '0');
    const change = await manager
      .createQueryBuilder(MobileChange, 'c')
      .addSelect('c.passwordHash')
      .where({ id: changeId })
      .getOne();
    if (!user || !change || !states.includes(change.state)) throw new ApiException('NOT_FOUND');
    return { user, change };
  }

  /**
   * Gives the user the new number, and keeps the old one from everybody else. Devices end, and sessions but the one that asked.
   *
   * @returns the sessions that ended.
   * @throws ApiException `MOBILE_TAKEN`.
   */
  async move(manager: EntityManager, locked: Locked, by: By): Promise<string[]> {
    const { user, change } = locked;
    const { fromMobile: from, toMobile: to, provedAt } = change;
    const keptId = change.sessionId ?? undefined;
    await this.setNumber(manager, user, to, provedAt);
    if (from) await this.keep(manager, locked, from);
    else await this.endDetachment(manager, locked, by);
    return this.tellMoved(manager, locked, by, { keptId, about: from ?? to });
  }

  /** For a week: nobody opens an account with it, and who proves it may have this one back. */
  private async keep(manager: EntityManager, { user, change }: Locked, from: E164): Promise<void> {
    const [now, movedAt] = [this.clock.now(), this.clock.date()];
    await together(manager, reservation(this.dataSource, change.id, from, now));
    const dueAt = new Date(now + WINDOW_MS);
    const { passwordHash, passwordSetAt, usernameSetAt } = user;
    const username = isOldCredential(usernameSetAt, movedAt) ? user.username : null;
    const before = { passwordHash, passwordSetAt, username };
    const moved = { state: 'moved', movedAt, dueAt, ...before } as const;
    await manager.update(MobileChange, { id: change.id }, moved);
  }

  /** A user whose number somebody else has would have been erased. */
  private async endDetachment(
    manager: EntityManager,
    { user: { id: userId }, change }: Locked,
    by: By,
  ): Promise<void> {
    await this.end(manager, change, 'confirmed');
    await manager.update(MobileChange, { id: change.id }, { movedAt: this.clock.date() });
    await manager.update(User, { id: userId }, { deletionAt: null });
    await this.tellKept(manager, userId, by);
  }

  /**
   * Gives the user the old number back, as they were before: without what was set as a password or username since, or a week
   * before. What proves less than an old password leaves the number that they lose kept from everybody else for now.
   */
  async giveBack(
    manager: EntityManager,
    locked: Locked,
    by: By,
    proof: 'code' | 'password',
  ): Promise<string[]> {
    const { user, change } = locked;
    const { id, passwordSetAt, movedAt } = change;
    const [now, at] = [this.clock.now(), this.clock.date()];
    await together(manager, release(this.dataSource, id));
    // A password undoes it without a phone: what had proved the number before is as old as it was.
    const before = change.proof === 'code' ? change.createdAt : null;
    await this.setNumber(manager, user, change.fromMobile!, proof === 'code' ? at : before);
    const isOld = isOldCredential(passwordSetAt, movedAt!);
    await this.restoreCredentials(manager, user, change, isOld);
    if (proof === 'code' || !isOld) {
      await together(manager, reservation(this.dataSource, id, change.toMobile, now));
      const dueAt = new Date(now + WINDOW_MS);
      await manager.update(MobileChange, { id }, { state: 'undone', dueAt, passwordHash: null });
    } else await this.end(manager, change, 'reverted');
    if (user.deletionAt) await this.tellKept(manager, user.id, by);
    return this.tellMoved(manager, locked, by, { about: change.toMobile, undone: true });
  }

  /** A username that somebody else has by now is theirs. */
  private async restoreCredentials(
    manager: EntityManager,
    user: User,
    change: MobileChange,
    isOld: boolean,
  ): Promise<void> {
    const { passwordHash, passwordSetAt } = isOld
      ? change
      : { passwordHash: null, passwordSetAt: null };
    const credentials = { passwordHash, passwordSetAt, deletionAt: null };
    await manager.update(User, { id: user.id }, credentials);
    if (user.username === change.username) return;
    const isFree =
      change.username && !(await manager.existsBy(User, { username: change.username }));
    const username = isFree ? change.username : null;
    await manager.update(User, { id: user.id }, { username, usernameSetAt: null });
  }

  /** Ends a change that nothing else tells the end of: nobody waits for it any more, and nothing is kept for it. */
  async close(
    manager: EntityManager,
    change: MobileChange,
    state: keyof typeof TOLD_AS,
    by: By,
  ): Promise<void> {
    await this.end(manager, change, state);
    await this.note(manager, TOLD_AS[state], change, by, state === 'reverted' || undefined);
  }

  /** The same of one that waits to move, when the account of a user who was locked is closed. */
  async cancelWaiting(manager: EntityManager, userId: string, by: By): Promise<void> {
    const waiting = { activeOf: userId, state: In(['open', 'pending'] as const) };
    const change = await manager.findOneBy(MobileChange, waiting);
    if (change) await this.close(manager, change, 'cancelled', by);
  }

  /** Ends a change, and what it keeps. */
  async end(manager: EntityManager, { id }: MobileChange, state: MobileChangeState): Promise<void> {
    const ended = { state, activeOf: null, dueAt: null, endedAt: this.clock.date() };
    await manager.update(MobileChange, { id }, { ...ended, passwordHash: null });
    await together(manager, release(this.dataSource, id));
  }

  /** Puts on record what becomes of a change beside the move of its number. */
  note(
    manager: EntityManager,
    action: Extract<Action, `mobile_change.${string}`>,
    { id, userId, toMobile: mobile }: MobileChange,
    by: By,
    undone?: true,
  ): Promise<void> {
    const detail = { change_id: id, undone };
    return this.changes.write(manager, { action, ...by, userId, detail, mobile });
  }

  /** Here it is decided who has a number. */
  private async setNumber(
    manager: EntityManager,
    user: User,
    mobile: E164,
    verifiedAt: Date | null,
  ): Promise<void> {
    const unchosen = user.mobile ? maskMobile(user.mobile) : '';
    const name = user.name === unchosen ? maskMobile(mobile) : user.name;
    const proved = { verifiedAt, firstVerifiedAt: verifiedAt };
    try {
      await manager.update(User, { id: user.id }, { mobile, name, ...proved });
    } catch (error) {
      if (duplicateKey(error)?.endsWith('mobile')) throw new ApiException('MOBILE_TAKEN');
      throw error;
    }
  }

  private tellKept(manager: EntityManager, userId: string, by: By): Promise<void> {
    return this.changes.write(manager, { action: 'user.deletion_cancelled', ...by, userId });
  }

  private async tellMoved(
    manager: EntityManager,
    { user, change }: Locked,
    by: By,
    { about, keptId, undone }: { about: E164; keptId?: string; undone?: true },
  ): Promise<string[]> {
    const ending = { ...by, reason: 'mobile_changed' } as const;
    const ended = await this.sessions.endAll(manager, user.id, ending, keptId);
    // That of the session which stays, too: the others have ended with theirs.
    if (keptId) await this.devices.endAll(manager, user.id, ending);
    const kind = undone ? 'mobile_change_undone' : 'mobile_changed';
    await this.notices.write(manager, { kind, userId: user.id, sessionId: keptId, to: about });
    await this.changes.write(manager, {
      action: 'user.mobile_changed',
      ...by,
      userId: user.id,
      sessionId: keptId,
      detail: { change_id: change.id, undone },
      mobile: about,
    });
    return ended;
  }
}

/** @throws ApiException `USER_DISABLED`. */
export function assertActive({ user }: Locked): void {
  if (user.status !== 'active') throw new ApiException('USER_DISABLED', { reason: 'disabled' });
}
