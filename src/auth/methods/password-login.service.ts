import { Injectable } from '@nestjs/common';
import { type Attempt, RefusalsService } from '../../audit/refusals.service';
import { BlockGuardService } from '../../codes/blocks/block-guard.service';
import { chargesOf } from '../../codes/charges';
import { LimiterService } from '../../codes/limiter.service';
import { ApiException } from '../../common/errors';
import type { Turn } from '../../common/fair-queue';
import { coarseNetwork, Networks } from '../../common/networks';
import { parseMobile } from '../../common/phone-number';
import { Env } from '../../config/env';
import type { Caller } from '../../contract/caller.decorator';
import { DeviceTokensService, type ShownDevice } from '../../sessions/device-tokens.service';
import { isCurrent } from '../../users/password-hashes';
import { NetworkHistoryService } from '../../sms/network-history.service';
import { laneOf } from '../../users/password-lanes';
import { PasswordsService } from '../../users/passwords.service';
import { type Account, CredentialQueries, type LoginName } from '../credential.queries';
import type { PasswordLoginDto } from '../dto/password-login.dto';
import type { LoginDto } from '../dto/tokens.dto';
import { PasswordGrantsService } from '../password-grants.service';
import { HooksService } from '../hooks.service';
import { TokenPairsService } from '../token-pairs.service';

/** A password that somebody presents, and who: a username is in lower case. */
interface Presented {
  readonly name: LoginName;
  readonly password: string;
  readonly address: string;
  readonly shown: ShownDevice | null;
}

/** Logging in with the password that the user has set, and the username or the number. */
@Injectable()
export class PasswordLoginService {
  constructor(
    private readonly blocks: BlockGuardService,
    private readonly credentials: CredentialQueries,
    private readonly deviceTokens: DeviceTokensService,
    private readonly env: Env,
    private readonly grants: PasswordGrantsService,
    private readonly history: NetworkHistoryService,
    private readonly hooks: HooksService,
    private readonly limiter: LimiterService,
    private readonly networks: Networks,
    private readonly passwords: PasswordsService,
    private readonly refusals: RefusalsService,
    private readonly tokenPairs: TokenPairsService,
  ) {}

  /** @throws ApiException `INVALID_CREDENTIALS`, `USER_DISABLED`, `LOGIN_REFUSED`, `TOO_MANY_REQUESTS` or `UNAVAILABLE`. */
  async logIn(login: PasswordLoginDto, caller: Caller, key?: string): Promise<LoginDto> {
    const attempt: Attempt = { action: 'login.refused', method: 'password', caller };
    return this.refusals.watch(attempt, () => this.attempt(login, caller, attempt, key));
  }

  private async attempt(login: PasswordLoginDto, caller: Caller, attempt: Attempt, key?: string) {
    const { password, device_token: deviceToken } = login;
    const [name, shown] = [this.nameIn(login), this.deviceTokens.read(deviceToken)];
    const { address } = caller;
    this.blocks.assertFree('password', caller);
    const lane = shown
      ? laneOf('known', address, shown.id)
      : laneOf('stranger', address, textOf(name));
    const account = await this.passwords.enqueue(lane, (turn) =>
      this.authenticate({ name, password, address, shown }, turn, attempt),
    );
    const claims = await this.hooks.beforeLoginOf(account.id, caller);
    const session = await this.grants.forUser(
      account.id,
      account.passwordHash,
      caller,
      key ? { key } : undefined,
    );
    return Object.assign(await this.tokenPairs.pairOf(session, claims), { is_new_user: false });
  }

  /** @throws ApiException `VALIDATION_FAILED` or `COUNTRY_NOT_SERVED` for what is no number of ours. */
  private nameIn({ username, mobile }: PasswordLoginDto): LoginName {
    return mobile === undefined
      ? { username: username!.toLowerCase() }
      : { mobile: parseMobile(mobile, this.env.SMS_COUNTRIES) };
  }

  /** Counts the attempt before its outcome is known, and then gives back what that outcome does not count for. */
  private async authenticate(presented: Presented, turn: Turn, attempt: Attempt): Promise<Account> {
    const { name, password, address, shown } = presented;
    // Before SQL is asked.
    const networks = await this.refusing(address, shown);
    const stranger = { does: 'log in', networks } as const;
    const [account, former] = await Promise.all([this.find(name, shown), this.findFormer(name)]);
    attempt.userId = account?.id;
    // By account, whichever name was typed, also for names that nobody has: neither an answer nor a limit tells them apart.
    const counted = {
      account: account?.id ?? `unknown ${textOf(name)}`,
      device: account?.deviceId,
    };
    const limited = { ...stranger, ...counted };
    const refund = await this.limiter.take(chargesOf(limited));
    const proved = await this.whoKnows(password, account, former, turn).catch(
      async (error: unknown) => {
        await refund();
        throw error;
      },
    );
    const isFormer = proved !== null && proved === former;
    const outcome = proved ? 'wrong password' : 'right password';
    const counts = isFormer ? (['wrong password', 'right password'] as const) : outcome;
    await refund(chargesOf(limited, { counts }));
    if (!proved) {
      const reason = account ? 'wrong_password' : 'unknown_username';
      throw new ApiException('INVALID_CREDENTIALS', { reason });
    }
    if (isFormer) await this.countFormer(proved);
    return this.upToDate(proved, password, turn);
  }

  /**
   * The networks by which the attempt counts.
   *
   * @throws ApiException `TOO_MANY_REQUESTS` where one of them is full. Those of many people refuse nobody: one who shares
   *   them would shut out all others.
   */
  private async refusing(
    address: string,
    shown: ShownDevice | null,
  ): Promise<readonly (string | null)[]> {
    const networks = this.networks.of(address);
    if (shown || !(await this.limiter.isSpent(chargesIn(networks)))) return networks;
    const origin = { network: coarseNetwork(address), host: networks.at(-1)! };
    const narrower = await this.history.refusing(networks, origin);
    await this.limiter.check(chargesIn(narrower));
    return narrower;
  }

  /** Whoever has no username is still found by the number that is somebody else's now. */
  private async findFormer(name: LoginName): Promise<Account | null> {
    return 'mobile' in name ? this.credentials.findDetached(name.mobile) : null;
  }

  /** Who has the name, or else who had the number. Only where both have a password are two of them checked. */
  private async whoKnows(
    password: string,
    account: Account | null,
    former: Account | null,
    turn: Turn,
  ): Promise<Account | null> {
    const hasPassword = account !== null && account.passwordHash !== null;
    const [first, second] = hasPassword || !former ? [account, former] : [former, null];
    if (await this.passwords.matches(password, first?.passwordHash, turn)) return first;
    const isSecond = second && (await this.passwords.matches(password, second.passwordHash, turn));
    return isSecond ? second : null;
  }

  /** Who has the number now has logins of their own: nobody else uses those up. */
  private async countFormer({ id: account }: Account): Promise<void> {
    await this.limiter.take(chargesOf({ does: 'log in', account }, { counts: 'right password' }));
  }

  /**
   * The account with a hash of our own, in the place of one that was imported.
   *
   * @throws ApiException `INVALID_CREDENTIALS` when the password has changed meanwhile.
   */
  private async upToDate(account: Account, password: string, turn: Turn): Promise<Account> {
    const { id, passwordHash: old } = account;
    if (isCurrent(old!)) return account;
    const fresh = await this.passwords.hash(password, turn);
    if (await this.credentials.replaceHash(id, old!, fresh))
      return { ...account, passwordHash: fresh };
    // A parallel login was faster, or the user has changed it.
    const passwordHash = await this.credentials.hashOf(id);
    if (await this.passwords.matches(password, passwordHash, turn))
      return { ...account, passwordHash };
    throw new ApiException('INVALID_CREDENTIALS', { reason: 'password_changed' });
  }

  /** An account whose number is blocked is as good as none, and looks so. */
  private async find(name: LoginName, shown: ShownDevice | null): Promise<Account | null> {
    const account = await this.credentials.find(name, shown);
    const isBlocked = account?.mobile && !this.blocks.isFree(account.mobile);
    return isBlocked ? null : account;
  }
}

const chargesIn = (networks: readonly (string | null)[]) => chargesOf({ does: 'log in', networks });

const textOf = (name: LoginName) => ('mobile' in name ? name.mobile : name.username);
