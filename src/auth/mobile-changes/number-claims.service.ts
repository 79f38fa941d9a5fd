import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager, In } from 'typeorm';
import { ANONYMOUS, type By } from '../../audit/change';
import { originOf, ownChange } from '../../audit/origin';
import { RefusalsService } from '../../audit/refusals.service';
import { BlockGuardService } from '../../codes/blocks/block-guard.service';
import { chargesOf } from '../../codes/charges';
import { LimiterService } from '../../codes/limiter.service';
import { ApiException } from '../../common/errors';
import { Networks } from '../../common/networks';
import { parseMobile } from '../../common/phone-number';
import { Env } from '../../config/env';
import type { Caller } from '../../contract/caller.decorator';
import type { Principal } from '../../contract/current-user.decorator';
import { DeviceTokensService } from '../../sessions/device-tokens.service';
import { DevicesService } from '../../sessions/devices.service';
import { SessionsService } from '../../sessions/sessions.service';
import { retrying } from '../../storage/retrying';
import { isCollision } from '../../storage/sql-errors';
import { TANDEM } from '../../storage/tandem';
import { MobileChange, type MobileChangeState } from '../../users/mobile-change.entity';
import { laneOf } from '../../users/password-lanes';
import { PasswordsService } from '../../users/passwords.service';
import { UsersService } from '../../users/users.service';
import { CredentialQueries } from '../credential.queries';
import type { UndoDto } from '../dto/mobile-change.dto';
import { OwnPasswordService } from '../own-password.service';
import { isOldCredential } from './change-times';
import { ClaimTicketsService } from './claim-tickets.service';
import { assertActive, type Locked, NumberMovesService } from './number-moves.service';

/** The week after a number has moved: who had it before may have the account back, who has it now may show the better right. */
@Injectable()
export class NumberClaimsService {
  constructor(
    private readonly blocks: BlockGuardService,
    private readonly credentials: CredentialQueries,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly devices: DevicesService,
    private readonly deviceTokens: DeviceTokensService,
    private readonly env: Env,
    private readonly limiter: LimiterService,
    private readonly moves: NumberMovesService,
    private readonly networks: Networks,
    private readonly ownPassword: OwnPasswordService,
    private readonly passwords: PasswordsService,
    private readonly refusals: RefusalsService,
    private readonly sessions: SessionsService,
    private readonly tickets: ClaimTicketsService,
    private readonly users: UsersService,
  ) {}

  /** What a right code is answered for a number that is kept: nothing of the account but that there is one. */
  async refusalOf(changeId: string, provedAt: Date): Promise<ApiException> {
    const change = await this.dataSource.manager.findOneBy(MobileChange, { id: changeId });
    if (change?.state === 'recovery')
      return new ApiException('USER_DISABLED', { reason: 'disabled' });
    if (!change) return new ApiException('UNAVAILABLE');
    const details = { ticket: this.tickets.issue(change, provedAt), reserved_until: change.dueAt };
    return new ApiException('NUMBER_MOVED', { details });
  }

  /**
   * Takes the account back to the number before; between two numbers that were both proved, into recovery. Opens nothing.
   *
   * @throws ApiException `INVALID_CODE` for a ticket that is none any more; `INVALID_CREDENTIALS`, `USER_DISABLED` or
   *   `TOO_MANY_REQUESTS`; `NUMBER_CLAIM_REFUSED` for a user with a role; `NOT_FOUND` for a device of a user whose number does not wait to move.
   */
  undo(undo: UndoDto, caller: Caller): Promise<MobileChangeState> {
    const attempt = { action: 'credential.refused', caller } as const;
    const { ticket, device_token: deviceToken } = undo;
    return this.refusals.watch(attempt, () => {
      if (ticket !== undefined) return this.undoByTicket(ticket, caller);
      if (deviceToken !== undefined) return this.cancelByDevice(deviceToken, caller);
      return this.undoByPassword(undo, caller);
    });
  }

  /**
   * Notes that who has the other number is somebody else, and waits. It takes nothing from anybody: a thief with the phone would say so.
   *
   * @param mine who says that it is theirs undoes the change instead.
   * @throws ApiException `NUMBER_MOVED`, or `INVALID_CODE` for a ticket that is none any more.
   */
  async disown(ticket: string, mine: boolean, caller: Caller): Promise<never> {
    const change = mine ? null : await this.findBy(ticket);
    if (!change) throw new ApiException('INVALID_CODE');
    const mobile = change.state === 'moved' ? change.fromMobile! : change.toMobile;
    await this.limiter.take({ 'reassignments-per-number': mobile });
    const by: By = { actor: ANONYMOUS, origin: originOf(caller) };
    await this.dataSource.transaction((manager) =>
      this.moves.note(manager, 'mobile_change.disowned', change, by),
    );
    throw new ApiException('NUMBER_MOVED', { details: { reserved_until: change.dueAt } });
  }

  /**
   * Ends the week: the user of the new number shows a password that is older than any of this.
   *
   * @throws ApiException `NOT_FOUND`, `INVALID_CREDENTIALS`, `FORBIDDEN` for a password that is too young, or `TOO_MANY_REQUESTS`.
   */
  async confirm(principal: Principal, id: string, password: string, caller: Caller): Promise<void> {
    const { userId } = principal;
    const { address } = caller;
    const own = await this.credentials.ofUser(userId);
    if (!own) throw new ApiException('UNAUTHORIZED');
    const { manager: reader } = this.dataSource;
    if (!(await reader.existsBy(MobileChange, { id, activeOf: userId })))
      throw new ApiException('NOT_FOUND');
    await this.passwords.enqueue(laneOf('known', address, userId), (turn) =>
      this.ownPassword.prove(principal, own, password, address, turn),
    );
    await this.inTransaction(id, ['moved'], async (manager, { user, change }) => {
      if (user.passwordHash !== own.passwordHash) throw new ApiException('INVALID_CREDENTIALS');
      if (!isOldCredential(user.passwordSetAt, change.movedAt!))
        throw new ApiException('FORBIDDEN');
      await this.moves.close(manager, change, 'confirmed', ownChange(userId, caller));
      return [];
    });
  }

  private async undoByTicket(ticket: string, caller: Caller): Promise<MobileChangeState> {
    const by: By = { actor: ANONYMOUS, origin: originOf(caller) };
    const id = (await this.findBy(ticket))?.id;
    if (!id) throw new ApiException('INVALID_CODE');
    const states = ['moved', 'undone'] as const;
    const done = this.inTransaction(id, states, async (manager, locked) => {
      if (!this.tickets.isFor(ticket, locked.change)) throw new ApiException('INVALID_CODE');
      assertUndoable(locked);
      if (locked.change.state === 'undone') return this.contest(manager, locked, by);
      assertActive(locked);
      return this.moves.giveBack(manager, locked, by, 'code');
    });
    await done.catch(absentAs('INVALID_CODE'));
    return this.stateOf(id);
  }

  /** A device whose session has ended still keeps the number from moving. */
  private async cancelByDevice(token: string, caller: Caller): Promise<MobileChangeState> {
    const shown = this.deviceTokens.read(token);
    if (!shown) throw new ApiException('INVALID_CREDENTIALS');
    const refund = await this.limiter.take({ 'undos-per-number': `device ${shown.id}` });
    const userId = await this.devices.ownerOf(shown);
    if (!userId) throw new ApiException('INVALID_CREDENTIALS');
    const waiting = { activeOf: userId, state: In(['pending', 'claimed']) };
    const change = await this.dataSource.manager.findOneBy(MobileChange, waiting);
    if (!change) throw new ApiException('NOT_FOUND');
    await this.inTransaction(change.id, ['pending', 'claimed'], async (manager, locked) => {
      await this.moves.close(manager, locked.change, 'cancelled', ownChange(userId, caller));
      return [];
    });
    await refund();
    return 'cancelled';
  }

  private async findBy(ticket: string): Promise<MobileChange | null> {
    const id = this.tickets.idIn(ticket) ?? '0';
    const claimed = await this.dataSource.manager.findOneBy(MobileChange, { id });
    return claimed && this.tickets.isFor(ticket, claimed) ? claimed : null;
  }

  private async undoByPassword(
    { mobile: text = '', password = '' }: UndoDto,
    caller: Caller,
  ): Promise<MobileChangeState> {
    const mobile = parseMobile(text, this.env.SMS_COUNTRIES);
    const { address } = caller;
    this.blocks.assertFree('password', { ...caller, mobile });
    const stranger = { does: 'log in', networks: this.networks.of(address) } as const;
    await this.limiter.take({ ...chargesOf(stranger), 'undos-per-number': mobile });
    const change = await this.users.findChangeKeeping(mobile);
    const isRight = await this.passwords.enqueue(laneOf('stranger', address, mobile), (turn) =>
      this.passwords.matches(password, change?.passwordHash, turn),
    );
    if (!change || !isRight) throw new ApiException('INVALID_CREDENTIALS');
    const by: By = { actor: ANONYMOUS, origin: originOf(caller) };
    const done = this.inTransaction(change.id, ['moved'], (manager, locked) => {
      assertUndoable(locked);
      assertActive(locked);
      return this.moves.giveBack(manager, locked, by, 'password');
    });
    await done.catch(absentAs('INVALID_CREDENTIALS'));
    return this.stateOf(change.id);
  }

  /** Nobody logs in until an operator has decided. */
  private async contest(
    manager: EntityManager,
    { user, change }: Locked,
    by: By,
  ): Promise<string[]> {
    const order = { ...by, reason: 'both numbers were proved' };
    await manager.update(MobileChange, { id: change.id }, { state: 'recovery', dueAt: null });
    await this.moves.note(manager, 'mobile_change.contested', change, by);
    await this.users.setStatus(manager, user.id, 'disabled', order);
    return this.sessions.endAll(manager, user.id, { ...by, reason: 'disabled' });
  }

  private async inTransaction(
    id: string,
    states: readonly MobileChangeState[],
    work: (manager: EntityManager, locked: Locked) => Promise<string[]>,
  ): Promise<void> {
    const attempt = async (manager: EntityManager) =>
      work(manager, await this.moves.lock(manager, id, ...states));
    const ended = await retrying(() => this.dataSource.transaction(attempt), isCollision);
    this.sessions.revoke(ended);
  }

  private async stateOf(id: string): Promise<MobileChangeState> {
    return (await this.dataSource.manager.findOneByOrFail(MobileChange, { id })).state;
  }
}

/**
 * Nothing of before opens the account of who has a role, neither its number nor its password: operators give such a user a number.
 *
 * @throws ApiException `NUMBER_CLAIM_REFUSED`.
 */
function assertUndoable({ user }: Locked): void {
  if (user.roles.length > 0) throw new ApiException('NUMBER_CLAIM_REFUSED');
}

/** A change that is over is none that a stranger may learn of. */
const absentAs =
  (code: 'INVALID_CODE' | 'INVALID_CREDENTIALS') =>
  (error: unknown): never => {
    const isAbsent = error instanceof ApiException && error.errorCode === 'NOT_FOUND';
    throw isAbsent ? new ApiException(code) : error;
  };
