import { Injectable } from '@nestjs/common';
import { BlockGuardService } from '../../codes/blocks/block-guard.service';
import { LimiterService } from '../../codes/limiter.service';
import {
  accountCharges,
  checkCharges,
  deviceCharges,
  failureCharges,
  loginCharges,
} from '../../codes/password-charges';
import { ApiException } from '../../common/errors';
import type { Turn } from '../../common/fair-queue';
import type { Caller } from '../../contract/caller.decorator';
import { DeviceTokensService, type ShownDevice } from '../../sessions/device-tokens.service';
import { laneOf } from '../../users/password-lanes';
import { PasswordsService } from '../../users/passwords.service';
import { type Account, CredentialQueries } from '../credential.queries';
import type { PasswordLoginDto } from '../dto/password-login.dto';
import type { LoginDto } from '../dto/tokens.dto';
import { GrantsService } from '../grants.service';
import { HooksService } from '../hooks.service';
import { TokenPairsService } from '../token-pairs.service';

/** A password that somebody presents for a username in lower case, and who. */
interface Presented {
  readonly username: string;
  readonly password: string;
  readonly address: string;
  readonly shown: ShownDevice | null;
}

/** Logging in with the username and password that the user has set. */
@Injectable()
export class PasswordLoginService {
  constructor(
    private readonly blocks: BlockGuardService,
    private readonly credentials: CredentialQueries,
    private readonly deviceTokens: DeviceTokensService,
    private readonly grants: GrantsService,
    private readonly hooks: HooksService,
    private readonly limiter: LimiterService,
    private readonly passwords: PasswordsService,
    private readonly tokenPairs: TokenPairsService,
  ) {}

  /** @throws ApiException `INVALID_CREDENTIALS`, `USER_DISABLED`, `LOGIN_REFUSED`, `TOO_MANY_REQUESTS` or `UNAVAILABLE`. */
  async logIn(login: PasswordLoginDto, caller: Caller): Promise<LoginDto> {
    this.blocks.assertFree('password', caller);
    const { password, device_token: deviceToken } = login;
    const [username, shown] = [login.username.toLowerCase(), this.deviceTokens.read(deviceToken)];
    const { address } = caller;
    const lane = shown ? laneOf('known', address, shown.id) : laneOf('stranger', address, username);
    const account = await this.passwords.enqueue(lane, (turn) =>
      this.authenticate({ username, password, address, shown }, turn),
    );
    const claims = await this.hooks.beforePasswordLogin(account.id, caller);
    const session = await this.grants.forUser(account.id, account.passwordHash, caller);
    return Object.assign(await this.tokenPairs.pairOf(session, claims), { is_new_user: false });
  }

  /** Counts the attempt before its outcome is known, and then gives back what that outcome does not count for. */
  private async authenticate(presented: Presented, turn: Turn): Promise<Account> {
    const { username, password, address, shown } = presented;
    // Before SQL is asked.
    if (!shown) await this.limiter.check({ ...checkCharges(address), ...failureCharges(address) });
    const account = await this.credentials.find(username, shown);
    if (account) this.blocks.assertFree('password', { mobile: account.mobile, address });
    const { work, success, failure } = chargesOf(presented, account);
    const refund = await this.limiter.take({ ...work, ...success, ...failure });
    try {
      const isRight = await this.passwords.matches(password, account?.passwordHash, turn);
      await refund(isRight ? failure : success);
      if (account && isRight) return account;
    } catch (error) {
      await refund();
      throw error;
    }
    throw new ApiException('INVALID_CREDENTIALS');
  }
}

/** By account, also for usernames that nobody has: neither an answer nor a limit tells them apart. */
function chargesOf({ username, address }: Presented, account: Account | null) {
  const counted = account?.id ?? `unknown ${username}`;
  const success = loginCharges(counted);
  if (account?.deviceId) return { work: {}, success, failure: deviceCharges(account.deviceId) };
  const failure = { ...failureCharges(address), ...accountCharges(counted) };
  return { work: checkCharges(address), success, failure };
}
