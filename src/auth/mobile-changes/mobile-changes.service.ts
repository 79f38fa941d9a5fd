import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { type By, byUser } from '../../audit/change';
import { ownChange } from '../../audit/origin';
import { RefusalsService } from '../../audit/refusals.service';
import { CodeVerifierService, type PresentedCode } from '../../codes/code-verifier.service';
import { changeOf } from '../../codes/purposes';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import type { Caller } from '../../contract/caller.decorator';
import type { Principal } from '../../contract/current-user.decorator';
import { type EndReason, Session } from '../../sessions/session.entity';
import { SessionsService } from '../../sessions/sessions.service';
import { DatabaseService } from '../../storage/database.service';
import { retrying } from '../../storage/retrying';
import { isCollision } from '../../storage/sql-errors';
import { TANDEM } from '../../storage/tandem';
import { MobileChange } from '../../users/mobile-change.entity';
import { NoticesService } from '../../users/notices/notices.service';
import type { User } from '../../users/user.entity';
import type { CodeProofDto } from '../dto/code-proof.dto';
import { RecentLoginService } from '../recent-login.service';
import { DELAY_MS, movesAtOnce } from './change-times';
import { type Locked, NumberMovesService } from './number-moves.service';

/** Changes of number that were asked for: proved by a code to the new one in the session that asked, or cancelled. */
@Injectable()
export class MobileChangesService {
  constructor(
    private readonly clock: Clock,
    private readonly codes: CodeVerifierService,
    private readonly database: DatabaseService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly moves: NumberMovesService,
    private readonly notices: NoticesService,
    private readonly recentLogins: RecentLoginService,
    private readonly refusals: RefusalsService,
    private readonly sessions: SessionsService,
  ) {}

  /** The one that is not over. */
  findActive(userId: string): Promise<MobileChange | null> {
    return this.dataSource.manager.findOneBy(MobileChange, { activeOf: userId });
  }

  /**
   * Proves the new number. It moves now where the session had just proved the old one, else after `DELAY_MS`.
   *
   * @throws ApiException `NOT_FOUND`, `INVALID_CODE`, `TOO_MANY_REQUESTS`; `MOBILE_TAKEN`, which only the holder learns.
   */
  prove(
    principal: Principal,
    id: string,
    proof: CodeProofDto,
    caller: Caller,
  ): Promise<MobileChange> {
    const { userId, sessionId } = principal;
    const attempt = { action: 'credential.refused', userId, sessionId, caller } as const;
    return this.refusals.watch(attempt, async () => {
      const change = await this.findActive(userId);
      if (change?.id !== id || change.sessionId !== sessionId) return this.refuse();
      // Its answer was lost.
      if (change.state !== 'open') return change;
      if (change.dueAt! < this.clock.date()) throw new ApiException('NOT_FOUND');
      await this.spend(change, proof, caller);
      return this.dataSource.manager.findOneByOrFail(MobileChange, { id });
    });
  }

  /** Any live session does, until the number has moved. @throws ApiException `UNAUTHORIZED` or `NOT_FOUND`. */
  async cancel(principal: Principal, id: string, caller: Caller): Promise<void> {
    await this.recentLogins.assertLive(principal);
    const { userId } = principal;
    if ((await this.findActive(userId))?.id !== id) return this.refuse();
    const cancel = async (manager: EntityManager) => {
      const { change } = await this.moves.lock(manager, id, ...CANCELLED);
      await this.moves.close(manager, change, 'cancelled', ownChange(userId, caller));
    };
    await retrying(() => this.dataSource.transaction(cancel), isCollision);
  }

  /** Moves what has waited long enough. @throws ApiException `MOBILE_TAKEN` or `NOT_FOUND`. */
  async moveDue({ id, userId }: MobileChange): Promise<void> {
    const by = { actor: byUser(userId) };
    await this.commit(id, by, async (manager) => {
      const locked = await this.moves.lock(manager, id, 'pending');
      assertStillTheirs(locked.user, locked.change);
      await assertUndoubted(manager, locked);
      return this.moves.move(manager, locked, by);
    });
  }

  private async spend(
    { id, userId, toMobile: mobile }: MobileChange,
    { code, challenge: handle, captcha }: CodeProofDto,
    caller: Caller,
  ): Promise<void> {
    const { address } = caller;
    const purpose = changeOf(id);
    const presented: PresentedCode = { mobile, purpose, code, handle, captcha, address };
    const challenge = await this.codes.consume(presented);
    const by = ownChange(userId, caller);
    try {
      await this.commit(id, by, (manager) => this.proveIn(manager, id, challenge.id, by));
    } catch (error) {
      if (!(error instanceof ApiException)) await this.codes.restore(challenge).catch(() => {});
      throw error;
    }
    await this.codes.loggedIn(challenge, presented);
  }

  private async proveIn(
    manager: EntityManager,
    id: string,
    challengeId: string,
    by: By,
  ): Promise<string[]> {
    const locked = await this.moves.lock(manager, id, 'open');
    const { user, change } = locked;
    assertStillTheirs(user, change);
    // A session that is being ended has ended, or moves no number.
    const asker = { sessionId: change.sessionId!, userId: user.id };
    if (!(await this.sessions.lockLive(manager, asker))) throw new ApiException('NOT_FOUND');
    const proved = { provedAt: this.clock.date(), challengeId };
    Object.assign(change, proved);
    await manager.update(MobileChange, { id }, proved);
    if (movesAtOnce(change)) return this.moves.move(manager, locked, by);
    const dueAt = new Date(this.clock.now() + DELAY_MS);
    await manager.update(MobileChange, { id }, { state: 'pending', dueAt });
    await this.moves.note(manager, 'mobile_change.requested', change, by);
    const kind = 'mobile_change_requested';
    const sessionId = change.sessionId ?? undefined;
    await this.notices.write(manager, { kind, userId: user.id, sessionId });
    return [];
  }

  /** Where the number is another user's, nothing is left of the change but its record. */
  private async commit(
    id: string,
    by: By,
    work: (manager: EntityManager) => Promise<string[]>,
  ): Promise<void> {
    try {
      const ended = await retrying(() => this.dataSource.transaction(work), isCollision);
      this.sessions.revoke(ended);
    } catch (error) {
      if (error instanceof ApiException && error.errorCode === 'MOBILE_TAKEN') {
        await this.dataSource.transaction(async (manager) => {
          const { change } = await this.moves.lock(manager, id, 'open', 'pending');
          await this.moves.close(manager, change, 'taken', { ...by, reason: 'taken' });
        });
      }
      throw error;
    }
  }

  private async refuse(): Promise<never> {
    await this.database.assertPrimary();
    throw new ApiException('NOT_FOUND');
  }
}

const CANCELLED = ['open', 'ordered', 'pending', 'claimed'] as const;

/** Ends of a session in which its user says, or it shows, that it was somebody else's. */
const DOUBTS: ReadonlySet<EndReason | null> = new Set(['revoked', 'reuse', 'password_changed']);

/** Whoever has set another password since, or has ended the session that asked, does not want what was asked for with them. */
async function assertUndoubted(manager: EntityManager, { user, change }: Locked): Promise<void> {
  const { passwordHash, passwordSetAt } = user;
  const isSame = passwordHash !== null && (!passwordSetAt || passwordSetAt <= change.provedAt!);
  const session = await manager.findOneBy(Session, { id: change.sessionId! });
  if (!isSame || DOUBTS.has(session?.endReason ?? null)) throw new ApiException('NOT_FOUND');
}

/** Whoever has got a role meanwhile, or another number, or was disabled, does not move. */
function assertStillTheirs(user: User, change: MobileChange): void {
  const isTheirs = user.status === 'active' && user.mobile === change.fromMobile;
  if (!isTheirs || user.roles.length > 0) throw new ApiException('NOT_FOUND');
}
