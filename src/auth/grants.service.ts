import { Injectable } from '@nestjs/common';
import { ApiException } from '../common/errors';
import type { OpenedSession } from '../sessions/session.entity';
import { RESERVED } from '../users/reserved-number';
import type { Login } from './login';
import { LoginQueries } from './login.queries';
import { type Surplus, SurplusSessionQueries } from './surplus-session.queries';

/** At making room for a session: as many logins of one user at a time may take it from one of them. */
const MAX_ATTEMPTS = 100;

/** A right code for a number that is kept for the user who has changed it, or that may have changed hands. */
export class HeldNumberException extends ApiException {
  /** @param accountId the user, or the change that keeps the number. */
  constructor(
    readonly accountId: string,
    readonly isReserved: boolean,
  ) {
    super(isReserved ? 'NUMBER_MOVED' : 'NUMBER_PERHAPS_REASSIGNED');
  }
}

/** Opens sessions for users who are there, whatever they have proved. */
@Injectable()
export class GrantsService {
  constructor(
    private readonly logins: LoginQueries,
    private readonly surplus: SurplusSessionQueries,
  ) {}

  /**
   * @returns null for an unknown account.
   * @throws HeldNumberException
   * @throws ApiException `USER_DISABLED`, or `INVALID_CREDENTIALS` when the password has changed.
   */
  async open(login: Login): Promise<OpenedSession | null> {
    let surplus: Surplus | undefined;
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
      const account = await this.logins.logIn(login, surplus);
      if (!account) return null;
      if (account.status === RESERVED) throw new HeldNumberException(account.id, true);
      if (account.status !== 'active')
        throw new ApiException('USER_DISABLED', { reason: 'disabled' });
      if (!account.isProved && 'mobile' in login.owner)
        throw new HeldNumberException(account.id, false);
      if (!account.isProved)
        throw new ApiException('INVALID_CREDENTIALS', { reason: 'password_changed' });
      if (account.hasSession) return login.session.of(account.id, account.deviceId, account.roles);
      // Parallel logins may take the room that this makes. They have come to an end then.
      surplus = await this.surplus.find(account.id, login.session);
    }
    throw new ApiException('UNAVAILABLE');
  }
}
