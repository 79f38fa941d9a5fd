import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import type { Caller } from '../contract/caller.decorator';
import type { User } from '../users/user.entity';
import type { Claims } from './claims';

/** The provider of the {@link TandemHooks}, where there is one. */
export const TANDEM_HOOKS = Symbol('TANDEM_HOOKS');

/**
 * What a host application adds to logins. Each hook has 2 s. `beforeRegistration` and `beforeLogin` are asked when the
 * code or password was found right, before the code is consumed, and outside of any transaction:
 *
 * - A {@link LoginRefusedException} is answered with 403 `LOGIN_REFUSED` and its reason. The code stays usable.
 * - Anything else that is thrown, and a hook that is late, with 503 `UNAVAILABLE`. The code stays usable.
 *
 * Parallel logins with one code each ask, though one of them succeeds: a hook decides, and changes nothing. Nobody
 * else could ask meanwhile: wrong codes and passwords, and disabled users, are refused before.
 */
export interface TandemHooks {
  /**
   * Claims to add to every access token of the user. It is asked before a login of a known user, after a registration,
   * and at every refresh; what it throws is answered with 503. Names that Tandem uses are refused with 500, as are
   * claims that make a token longer than 2,048 characters.
   */
  claims?(user: User): Claims | undefined | Promise<Claims | undefined>;

  /** Asked for a number that has no user yet. */
  beforeRegistration?(mobile: E164, caller: Caller): void | Promise<void>;

  /** Asked for a known user who logs in, with a code or a password; not at a registration or a refresh. */
  beforeLogin?(user: User, caller: Caller): void | Promise<void>;
}

/** Thrown by hooks to refuse a login. */
export class LoginRefusedException extends ApiException {
  /** @param reason a sentence for the person who logs in. */
  constructor(reason?: string) {
    super('LOGIN_REFUSED', { message: reason, reason: 'hook' });
  }
}
