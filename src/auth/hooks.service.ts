import { Inject, Injectable, Optional } from '@nestjs/common';
import { deadline } from '../common/deadline';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import type { Caller } from '../contract/caller.decorator';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import type { Claims } from './claims';
import { LoginRefusedException, TANDEM_HOOKS, type TandemHooks } from './hooks';

const HOOK_TIMEOUT_MS = 2_000;

/** Names with a meaning in tokens (RFC 7519, RFC 9068), in Tandem's, or in answers about them (RFC 7662). */
const RESERVED = new Set(
  'iss aud sub sid jti iat exp nbf refresh gen typ roles acr amr auth_time active token_type'.split(
    ' ',
  ),
);

/** Asks the hooks of the host application, if it has any. */
@Injectable()
export class HooksService {
  /** Whether anything is asked before a login. */
  readonly areUsed: boolean;

  constructor(
    private readonly env: Env,
    private readonly users: UsersService,
    @Optional() @Inject(TANDEM_HOOKS) private readonly hooks: TandemHooks = {},
  ) {
    this.areUsed = 'claims' in hooks || 'beforeRegistration' in hooks || 'beforeLogin' in hooks;
  }

  /**
   * @returns the claims of a known user, asked while the code can still be used again.
   * @throws ApiException `LOGIN_REFUSED` or `UNAVAILABLE`.
   */
  async beforeCodeLogin(mobile: E164, caller: Caller): Promise<Claims | undefined> {
    const user = await this.users.findByMobile(mobile);
    if (user) return this.beforeLogin(user, caller);
    // A number that is kept for a user is nobody's to register: what comes of its code is told later.
    const isNobodys = this.env.SIGNUP === 'open' && !(await this.users.findChangeKeeping(mobile));
    if (isNobodys) await this.beforeRegistration(mobile, caller);
    return undefined;
  }

  /** @throws ApiException `LOGIN_REFUSED` or `UNAVAILABLE`. */
  async beforeRegistration(mobile: E164, caller: Caller): Promise<void> {
    await answerOf('beforeRegistration', () => this.hooks.beforeRegistration?.(mobile, caller));
  }

  /**
   * @returns the claims of the user.
   * @throws ApiException `LOGIN_REFUSED` or `UNAVAILABLE`.
   */
  async beforeLoginOf(userId: string, caller: Caller): Promise<Claims | undefined> {
    const user = this.areUsed && (await this.users.findById(userId));
    return user ? this.beforeLogin(user, caller) : undefined;
  }

  /**
   * Claims to add to the access tokens of a user; undefined without a hook.
   *
   * @throws ApiException `UNAVAILABLE`.
   * @throws Error for claims that Tandem makes itself.
   */
  async claimsOf(userId: string): Promise<Claims | undefined> {
    const user = this.hooks.claims && (await this.users.findById(userId));
    return user ? this.askForClaims(user) : undefined;
  }

  /** A disabled user is refused later, as without hooks. */
  private async beforeLogin(user: User, caller: Caller): Promise<Claims | undefined> {
    if (user.status !== 'active') return undefined;
    await answerOf('beforeLogin', () => this.hooks.beforeLogin?.(user, caller));
    return this.askForClaims(user);
  }

  private async askForClaims(user: User): Promise<Claims | undefined> {
    const claims = await answerOf('claims', () => this.hooks.claims?.(user));
    const reserved = Object.keys(claims ?? {}).filter((name) => RESERVED.has(name));
    if (reserved.length > 0) {
      throw new Error(`The claims hook returned names that are reserved: ${reserved.join(', ')}`);
    }
    return claims;
  }
}

/** @throws ApiException `LOGIN_REFUSED`, unless it is asked for claims; `UNAVAILABLE` for anything else, and after 2 s. */
async function answerOf<T>(name: keyof TandemHooks, ask: () => T | Promise<T>): Promise<T> {
  let settled: (() => void) | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const isLate = () => reject(new Error(`The ${name} hook took more than ${HOOK_TIMEOUT_MS} ms`));
    settled = deadline(HOOK_TIMEOUT_MS, isLate);
  });
  try {
    return await Promise.race([ask(), timeout]);
  } catch (error) {
    if (error instanceof LoginRefusedException && name !== 'claims') throw error;
    throw new ApiException('UNAVAILABLE', { cause: error });
  } finally {
    settled?.();
  }
}
