import { Injectable } from '@nestjs/common';
import { ownChange } from '../audit/origin';
import { RefusalsService } from '../audit/refusals.service';
import { LimiterService } from '../codes/limiter.service';
import { ApiException } from '../common/errors';
import type { Turn } from '../common/fair-queue';
import type { Caller } from '../contract/caller.decorator';
import type { Principal } from '../contract/current-user.decorator';
import { laneOf } from '../users/password-lanes';
import { PasswordsService } from '../users/passwords.service';
import { UserCredentialsService } from '../users/user-credentials.service';
import type { SetPasswordDto } from './dto/password-login.dto';
import { CredentialQueries, type OwnCredentials } from './credential.queries';
import { PasswordGrantsService } from './password-grants.service';
import { OwnPasswordService } from './own-password.service';
import { RecentLoginService } from './recent-login.service';

/** Setting and removing the password of a user who is logged in. */
@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly grants: PasswordGrantsService,
    private readonly credentials: CredentialQueries,
    private readonly limiter: LimiterService,
    private readonly ownPassword: OwnPasswordService,
    private readonly passwords: PasswordsService,
    private readonly recentLogins: RecentLoginService,
    private readonly refusals: RefusalsService,
    private readonly userCredentials: UserCredentialsService,
  ) {}

  /**
   * Ends the user's other sessions, too.
   *
   * @throws ApiException `RECENT_LOGIN_REQUIRED`, `VALIDATION_FAILED`, `INVALID_CREDENTIALS`, `USERNAME_TAKEN`, `TOO_MANY_REQUESTS` or
   *   `UNAVAILABLE`.
   */
  setPassword(principal: Principal, credentials: SetPasswordDto, caller: Caller): Promise<void> {
    const lane = laneOf('known', caller.address, principal.userId);
    const { userId, sessionId } = principal;
    return this.refusals.watch({ action: 'credential.refused', userId, sessionId, caller }, () =>
      this.passwords.enqueue(lane, (turn) => this.change(principal, credentials, caller, turn)),
    );
  }

  /**
   * Removes the password, and ends the user's other sessions. The username stays theirs.
   *
   * @throws ApiException `RECENT_LOGIN_REQUIRED`, `VALIDATION_FAILED` or `UNAVAILABLE`.
   */
  async removePassword(principal: Principal, caller: Caller): Promise<void> {
    await this.recentLogins.assertRecent(principal);
    const own = await this.credentials.ofUser(principal.userId);
    if (own && own.roles.length > 0) {
      throw new ApiException('VALIDATION_FAILED', {
        message: ['a user with roles keeps a password'],
      });
    }
    const by = ownChange(principal.userId, caller);
    await this.grants.setCredentials(principal, { passwordHash: null }, null, by);
  }

  private async change(
    principal: Principal,
    { username, password, current_password: current }: SetPasswordDto,
    caller: Caller,
    turn: Turn,
  ): Promise<void> {
    const { userId } = principal;
    const own = await this.credentials.ofUser(userId);
    await this.assertAllowed(principal, own, current);
    await this.userCredentials.refuseGuessable(userId, { username, password });
    const proved = await this.proveCurrent(principal, own, current, caller.address, turn);
    await this.limiter.take({ 'password-changes-per-user': userId });
    const passwordHash = await this.passwords.hash(password, turn);
    const by = ownChange(userId, caller);
    await this.grants.setCredentials(principal, { username, passwordHash }, proved, by);
  }

  /** The password until now stands in for a recent login, but for users with roles. */
  private async assertAllowed(
    principal: Principal,
    own: OwnCredentials | null,
    current: string | undefined,
  ): Promise<void> {
    const isShown = current !== undefined && own !== null && own.passwordHash !== null;
    if (isShown && own.roles.length === 0) await this.recentLogins.assertLive(principal);
    else await this.recentLogins.assertRecent(principal);
  }

  /** @returns the hash of the password until now, where it was shown. */
  private async proveCurrent(
    principal: Principal,
    own: OwnCredentials | null,
    current: string | undefined,
    address: string,
    turn: Turn,
  ): Promise<string | null> {
    if (!own?.passwordHash) return null;
    if (current !== undefined) {
      await this.ownPassword.prove(principal, own, current, address, turn);
      return own.passwordHash;
    }
    if (own.roles.length === 0) return null;
    const message = ['current_password is needed to change the password of a user with roles'];
    throw new ApiException('VALIDATION_FAILED', { message });
  }
}
