import { Injectable } from '@nestjs/common';
import { LimiterService, type Refund } from '../../codes/limiter.service';
import { addressBucket } from '../../common/networks';
import { ApiException } from '../../common/errors';
import type { Caller } from '../../contract/caller.decorator';
import { PasswordsService } from '../../users/passwords.service';
import type { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import type { PasswordLoginDto } from '../dto/password-login.dto';
import type { LoginDto } from '../dto/tokens.dto';
import { GrantsService } from '../grants.service';
import { HooksService } from '../hooks.service';
import { TokenPairsService } from '../token-pairs.service';

/** Logging in with the username and password that the user has set. */
@Injectable()
export class PasswordLoginService {
  constructor(
    private readonly grants: GrantsService,
    private readonly hooks: HooksService,
    private readonly limiter: LimiterService,
    private readonly passwords: PasswordsService,
    private readonly tokenPairs: TokenPairsService,
    private readonly users: UsersService,
  ) {}

  /** @throws ApiException `INVALID_CREDENTIALS`, `USER_DISABLED`, `LOGIN_REFUSED`, `TOO_MANY_REQUESTS` or `UNAVAILABLE`. */
  async logIn(login: PasswordLoginDto, caller: Caller): Promise<LoginDto> {
    const user = await this.passwords.enqueue(() => this.authenticate(login, caller));
    const claims = await this.hooks.beforePasswordLogin(user.id, caller);
    const session = await this.grants.forUser(user.id, user.passwordHash, caller);
    return Object.assign(await this.tokenPairs.pairOf(session, claims), { is_new_user: false });
  }

  /** Counts the attempt before its outcome is known, and takes that back if the password is right. */
  private async authenticate(
    { username, password }: PasswordLoginDto,
    { address }: Caller,
  ): Promise<User> {
    const name = username.toLowerCase();
    const refund = await this.limiter.take({
      'passwords-per-address': addressBucket(address),
      'passwords-per-username': name,
      'passwords-per-username-daily': name,
    });
    const user = await this.findByCredentials(username, password, refund);
    if (!user) throw new ApiException('INVALID_CREDENTIALS');
    await refund();
    return user;
  }

  /** An attempt that fails for an outage is not counted. */
  private async findByCredentials(username: string, password: string, refund: Refund) {
    try {
      return await this.users.findByCredentials(username, password);
    } catch (error) {
      await refund();
      throw error;
    }
  }
}
