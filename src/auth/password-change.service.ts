import { Injectable } from '@nestjs/common';
import { LimiterService } from '../codes/limiter.service';
import type { Turn } from '../common/fair-queue';
import type { Caller } from '../contract/caller.decorator';
import type { Principal } from '../contract/current-user.decorator';
import { laneOf } from '../users/password-lanes';
import { PasswordsService } from '../users/passwords.service';
import { UsersService } from '../users/users.service';
import type { SetPasswordDto } from './dto/password-login.dto';
import { GrantsService } from './grants.service';
import { RecentLoginService } from './recent-login.service';

/** Setting the username and password of a user who is logged in. */
@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly grants: GrantsService,
    private readonly limiter: LimiterService,
    private readonly passwords: PasswordsService,
    private readonly recentLogins: RecentLoginService,
    private readonly users: UsersService,
  ) {}

  /**
   * Ends the user's other sessions, too.
   *
   * @throws ApiException `RECENT_LOGIN_REQUIRED`, `VALIDATION_FAILED`, `USERNAME_TAKEN`, `TOO_MANY_REQUESTS` or
   *   `UNAVAILABLE`.
   */
  setPassword(
    principal: Principal,
    credentials: SetPasswordDto,
    { address }: Caller,
  ): Promise<void> {
    const lane = laneOf('known', address, principal.userId);
    return this.passwords.enqueue(lane, (turn) => this.change(principal, credentials, turn));
  }

  private async change(
    principal: Principal,
    { username, password }: SetPasswordDto,
    turn: Turn,
  ): Promise<void> {
    const { userId } = principal;
    await this.recentLogins.assertRecent(principal);
    await this.users.refuseGuessable(userId, username, password);
    await this.limiter.take({ 'password-changes-per-user': userId });
    const passwordHash = await this.passwords.hash(password, turn);
    await this.grants.setCredentials(principal, username, passwordHash);
  }
}
