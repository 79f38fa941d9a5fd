import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { byUser } from '../../audit/change';
import { RefusalsService } from '../../audit/refusals.service';
import { CodeSenderService } from '../../codes/code-sender.service';
import { LimiterService } from '../../codes/limiter.service';
import { changeOf } from '../../codes/purposes';
import { TestNumbersService } from '../../codes/test-numbers.service';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import { type E164, parseMobile } from '../../common/phone-number';
import { Snowflake } from '../../common/snowflake';
import { Env } from '../../config/env';
import type { Caller } from '../../contract/caller.decorator';
import type { Principal } from '../../contract/current-user.decorator';
import { SessionsService } from '../../sessions/sessions.service';
import { retrying } from '../../storage/retrying';
import { isCollision } from '../../storage/sql-errors';
import { TANDEM } from '../../storage/tandem';
import {
  MobileChange,
  type MobileChangeProof,
  type MobileChangeState,
} from '../../users/mobile-change.entity';
import { User } from '../../users/user.entity';
import type { MessageRequestDto } from '../dto/code-request.dto';
import type { MobileChangeSentDto } from '../dto/mobile-change.dto';
import { RecentLoginService } from '../recent-login.service';
import { DELAY_MS, movesAtOnce, OPEN_MS } from './change-times';
import { NumberMovesService } from './number-moves.service';

/** Opens changes of number: sends the code that `MobileChangesService` takes. */
@Injectable()
export class MobileChangeRequestsService {
  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly ids: Snowflake,
    private readonly limiter: LimiterService,
    private readonly moves: NumberMovesService,
    private readonly recentLogins: RecentLoginService,
    private readonly refusals: RefusalsService,
    private readonly sender: CodeSenderService,
    private readonly sessions: SessionsService,
    private readonly testNumbers: TestNumbersService,
  ) {}

  /**
   * Sends a code to the new number, whether or not it is somebody's. Asked for again, it is the same one.
   *
   * @throws ApiException `RECENT_LOGIN_REQUIRED`, `FORBIDDEN`, `MOBILE_CHANGE_ACTIVE`, `TOO_MANY_REQUESTS`, and see
   *   {@link CodeSenderService.send}.
   */
  request(
    principal: Principal,
    request: MessageRequestDto,
    caller: Caller,
  ): Promise<MobileChangeSentDto> {
    const { userId, sessionId } = principal;
    const mobile = parseMobile(request.mobile, this.env.SMS_COUNTRIES);
    return this.refusals.watch({ action: 'code.refused', userId, sessionId, caller }, async () => {
      const proof = await this.recentLogins.recentProof(principal);
      const refund = await this.limiter.take({ 'mobile-changes-per-user': userId });
      try {
        return await this.send(await this.open(principal, mobile, proof), request, caller);
      } catch (error) {
        await refund();
        throw error;
      }
    });
  }

  /** @throws ApiException `UNAUTHORIZED` when the session has ended meanwhile: somebody else may have the account by now. */
  private open(
    { userId, sessionId }: Principal,
    mobile: E164,
    proof: MobileChangeProof,
  ): Promise<MobileChange> {
    const open = async (manager: EntityManager) => {
      await manager.update(User, { id: userId }, { updatedAt: this.clock.date() });
      await this.sessions.assertLocked(manager, { userId, sessionId });
      const user = await manager.findOneByOrFail(User, { id: userId });
      this.assertMayTake(user, mobile);
      const asked = { sessionId, proof, toMobile: mobile, fromMobile: user.mobile };
      return this.keepOrReplace(manager, userId, asked);
    };
    return retrying(() => this.dataSource.transaction(open), isCollision);
  }

  private async keepOrReplace(
    manager: EntityManager,
    userId: string,
    asked: Asked,
  ): Promise<MobileChange> {
    const active = await manager.findOneBy(MobileChange, { activeOf: userId });
    // Whoever changes the number lets nobody have the account with it.
    if (active && !REPLACED.has(active.state)) throw new ApiException('MOBILE_CHANGE_ACTIVE');
    const dueAt = new Date(this.clock.now() + OPEN_MS);
    if (active?.state === 'open' && isSame(active, asked)) {
      await manager.update(MobileChange, { id: active.id }, { dueAt });
      return active;
    }
    const by = { actor: byUser(userId), reason: 'replaced' };
    if (active) await this.moves.close(manager, active, 'cancelled', by);
    const [id, createdAt] = [this.ids.next(), this.clock.date()];
    const change = { id, userId, activeOf: userId, state: 'open' as const, createdAt, dueAt };
    await manager.insert(MobileChange, { ...change, ...asked });
    return manager.findOneByOrFail(MobileChange, { id });
  }

  /** @throws ApiException `FORBIDDEN` for users with roles, whose number operators change; `VALIDATION_FAILED`. */
  private assertMayTake(user: User, mobile: E164): void {
    if (user.roles.length > 0) throw new ApiException('FORBIDDEN');
    const isTest = [user.mobile, mobile].some((one) => one && this.testNumbers.has(one));
    if (!isTest && user.mobile !== mobile) return;
    const problem = isTest ? 'must not be, or replace, a test number' : 'is the present one';
    throw new ApiException('VALIDATION_FAILED', { message: [`mobile ${problem}`] });
  }

  private async send(
    change: MobileChange,
    { locale, captcha, app }: MessageRequestDto,
    caller: Caller,
  ): Promise<MobileChangeSentDto> {
    const { id, toMobile: mobile } = change;
    const about = { mobile, purpose: changeOf(id), locale, captcha, app };
    const sent = await this.sender.send({ ...caller, ...about });
    return {
      id,
      expires_in: sent.expiresIn,
      resend_in: sent.resendIn,
      challenge: sent.handle,
      delay: movesAtOnce(change) ? 0 : DELAY_MS / 1000,
    };
  }
}

const REPLACED: ReadonlySet<MobileChangeState> = new Set(['open', 'claimed']);

type Asked = Pick<MobileChange, 'sessionId' | 'proof' | 'toMobile' | 'fromMobile'>;

const isSame = (change: MobileChange, asked: Asked) =>
  (Object.keys(asked) as (keyof Asked)[]).every((key) => change[key] === asked[key]);
