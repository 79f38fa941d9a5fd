import { Injectable } from '@nestjs/common';
import { originOf } from '../audit/origin';
import { CodeVerifierService, type PresentedCode } from '../codes/code-verifier.service';
import type { Challenge } from '../codes/challenge.entity';
import { ApiException, type ErrorCode } from '../common/errors';
import type { Caller } from '../contract/caller.decorator';
import type { Principal } from '../contract/current-user.decorator';
import { describeClient } from '../sessions/client-device';
import { SessionsService } from '../sessions/sessions.service';
import { DatabaseService } from '../storage/database.service';
import { retrying } from '../storage/retrying';
import { laneOf } from '../users/password-lanes';
import { PasswordsService } from '../users/passwords.service';
import { CredentialQueries, type OwnCredentials } from './credential.queries';
import type { SteppedUpDto, StepUpDto } from './dto/step-up.dto';
import { isConsumedChallenge, isWorthRetrying } from './challenge-errors';
import { OwnPasswordService } from './own-password.service';
import { type Proof, StepUpQueries } from './step-up.queries';

/** Raises the session that it is called with: its user proves a code or the password again, or the other of the two. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly codes: CodeVerifierService,
    private readonly credentials: CredentialQueries,
    private readonly database: DatabaseService,
    private readonly ownPassword: OwnPasswordService,
    private readonly passwords: PasswordsService,
    private readonly queries: StepUpQueries,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * @throws ApiException `VALIDATION_FAILED` unless one of the two is given; `INVALID_CODE`, `CAPTCHA_REQUIRED`, `INVALID_CREDENTIALS`,
   *   `TOO_MANY_REQUESTS`, `USER_DISABLED`; `UNAUTHORIZED` when the session has ended.
   */
  async stepUp(principal: Principal, proof: StepUpDto, caller: Caller): Promise<SteppedUpDto> {
    const { password, code } = proof;
    if ((password === undefined) === (code === undefined)) {
      throw new ApiException('VALIDATION_FAILED', {
        message: ['one of password and code is needed'],
      });
    }
    const own = await this.credentials.ofUser(principal.userId);
    if (!own) return this.refuse('UNAUTHORIZED');
    return code === undefined
      ? this.byPassword(principal, own, password!, caller)
      : this.byCode(principal, { ...proof, code }, own, caller);
  }

  private async byPassword(
    principal: Principal,
    own: OwnCredentials,
    password: string,
    caller: Caller,
  ): Promise<SteppedUpDto> {
    const { address } = caller;
    const lane = laneOf('known', address, principal.userId);
    await this.passwords.enqueue(lane, (turn) =>
      this.ownPassword.prove(principal, own, password, address, turn),
    );
    const owner = { id: principal.userId, passwordHash: own.passwordHash };
    return this.raise(
      principal,
      () => ({ factor: 'pwd', owner, origin: originOf(caller) }),
      'INVALID_CREDENTIALS',
    );
  }

  private async byCode(
    principal: Principal,
    { code, challenge: handle, captcha, device_token: deviceToken }: StepUpDto & { code: string },
    { mobile }: OwnCredentials,
    caller: Caller,
  ): Promise<SteppedUpDto> {
    if (mobile === null) throw new ApiException('INVALID_CODE');
    const { address } = caller;
    const presented: PresentedCode = { mobile, code, handle, captcha, deviceToken, address };
    const challenge = await this.codes.consume(presented);
    const raised = await this.spend(principal, challenge, caller);
    await this.codes.loggedIn(challenge, presented);
    return raised;
  }

  /** An outage leaves the code usable, unless the session was raised all the same. */
  private async spend(
    principal: Principal,
    challenge: Challenge,
    caller: Caller,
  ): Promise<SteppedUpDto> {
    const { mobile, id } = challenge;
    const spent = () => this.sessions.newSession(id, describeClient(caller));
    const origin = originOf(caller);
    const proof = () => ({ factor: 'sms' as const, owner: { mobile }, spent: spent(), origin });
    try {
      return await this.raise(principal, proof, 'INVALID_CODE');
    } catch (error) {
      if (error instanceof ApiException) throw error;
      if (isConsumedChallenge(error)) throw new ApiException('INVALID_CODE');
      const raised = await this.findRaised(principal, id).catch(() => null);
      if (raised) return raised;
      await this.codes.restore(challenge).catch(() => undefined);
      throw error;
    }
  }

  private async raise(
    principal: Principal,
    proof: () => Proof,
    stale: ErrorCode,
  ): Promise<SteppedUpDto> {
    const attempt = () => this.queries.raise(principal, proof());
    const { status, lives, authTime, amr } = await retrying(attempt, isWorthRetrying);
    if (authTime) return { amr, auth_time: authTime };
    if (status === 'disabled') throw new ApiException('USER_DISABLED');
    return this.refuse(lives ? stale : 'UNAUTHORIZED');
  }

  /** The connection may have failed after the commit. */
  private async findRaised(
    principal: Principal,
    challengeId: string,
  ): Promise<SteppedUpDto | null> {
    const spent = await this.sessions.findByChallenge(challengeId);
    const session = spent && (await this.sessions.findLive(principal));
    return session && { amr: session.factors, auth_time: session.provedAt };
  }

  private async refuse(code: ErrorCode): Promise<never> {
    await this.database.assertPrimary();
    throw new ApiException(code);
  }
}
