import { Injectable } from '@nestjs/common';
import { RefusalsService } from '../../audit/refusals.service';
import { CodeSenderService } from '../../codes/code-sender.service';
import { CodeVerifierService, type PresentedCode } from '../../codes/code-verifier.service';
import { deletionIn } from '../../codes/purposes';
import { ApiException, type ErrorCode } from '../../common/errors';
import type { E164 } from '../../common/phone-number';
import type { Caller } from '../../contract/caller.decorator';
import type { Principal } from '../../contract/current-user.decorator';
import { UsersService } from '../../users/users.service';
import type { CodeSentDto } from '../dto/code-request.dto';
import type { DeletionCodeDto, DeletionProofDto } from '../dto/deletion.dto';
import { RecentLoginService } from '../recent-login.service';
import { DeletionService } from './deletion.service';

/** Deletes users by a code whose message says what it is for: whoever talks people out of such a code has to tell them. */
@Injectable()
export class DeletionCodesService {
  constructor(
    private readonly codes: CodeVerifierService,
    private readonly deletions: DeletionService,
    private readonly recentLogins: RecentLoginService,
    private readonly refusals: RefusalsService,
    private readonly sender: CodeSenderService,
    private readonly users: UsersService,
  ) {}

  /** @throws ApiException `UNAUTHORIZED`, and see {@link CodeSenderService.send}. */
  async send(
    principal: Principal,
    { locale, captcha, app, device_token: deviceToken }: DeletionCodeDto,
    caller: Caller,
  ): Promise<CodeSentDto> {
    const { userId, sessionId } = principal;
    const mobile = await this.numberOf(principal, 'NUMBER_UNREACHABLE');
    const purpose = deletionIn(sessionId);
    const about = { mobile, purpose, locale, captcha, app, deviceToken };
    const sent = await this.refusals.watch(
      { action: 'code.refused', userId, sessionId, caller },
      () => this.sender.send({ ...caller, ...about }),
    );
    return { expires_in: sent.expiresIn, resend_in: sent.resendIn, challenge: sent.handle };
  }

  /** @throws ApiException `UNAUTHORIZED`, `INVALID_CODE`, `TOO_MANY_REQUESTS` or `LAST_ADMIN`. */
  async prove(principal: Principal, proof: DeletionProofDto, caller: Caller): Promise<Date> {
    const { userId, sessionId } = principal;
    const mobile = await this.numberOf(principal, 'INVALID_CODE');
    const attempt = { action: 'credential.refused', userId, sessionId, caller } as const;
    const { code, challenge: handle, captcha, device_token: deviceToken } = proof;
    const purpose = deletionIn(sessionId);
    const { address } = caller;
    const presented = { mobile, purpose, code, handle, captcha, deviceToken, address };
    return this.refusals.watch(attempt, () => this.spend(principal, presented, caller));
  }

  private async spend(
    principal: Principal,
    presented: PresentedCode,
    caller: Caller,
  ): Promise<Date> {
    const challenge = await this.codes.consume(presented);
    try {
      const deleteAt = await this.deletions.requestProved(principal, caller);
      await this.codes.loggedIn(challenge, presented);
      return deleteAt;
    } catch (error) {
      if (!(error instanceof ApiException)) await this.codes.restore(challenge).catch(() => {});
      throw error;
    }
  }

  /** @param none what is said to a user whose number is somebody else's now. */
  private async numberOf(principal: Principal, none: ErrorCode): Promise<E164> {
    await this.recentLogins.assertLive(principal);
    const user = await this.users.findById(principal.userId);
    if (!user) throw new ApiException('UNAUTHORIZED');
    if (!user.mobile) throw new ApiException(none);
    return user.mobile;
  }
}
