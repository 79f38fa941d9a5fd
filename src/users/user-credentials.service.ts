import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { By } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { together } from '../storage/queries';
import { duplicateKey } from '../storage/sql-errors';
import { NoticesService } from './notices/notices.service';
import { PasswordPolicyService } from './password-policy.service';
import { User } from './user.entity';
import { UsersService } from './users.service';

/** What a user is about to log in with. Without a username they keep the one that they have, if any. */
export interface ChosenCredentials {
  readonly username?: string;
  readonly password: string;
}

/** The same as it is kept; without a hash there is no password any more. */
export interface NewCredentials {
  readonly username?: string;
  readonly passwordHash: string | null;
}

/** What a user is told of a new password. */
const SETTING = { true: 'password_set', false: 'password_changed' } as const;

/** Usernames and passwords of users, in the transactions that change them. */
@Injectable()
export class UserCredentialsService {
  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    private readonly notices: NoticesService,
    private readonly policy: PasswordPolicyService,
    private readonly users: UsersService,
  ) {}

  /** @throws ApiException `VALIDATION_FAILED` for a password that others would guess. */
  async refuseGuessable(id: string, { username, password }: ChosenCredentials): Promise<void> {
    const { mobile, username: present } = await this.users.findPresent(id);
    const message = this.policy.problemsOf(password, username ?? present ?? '', mobile ?? '');
    if (message.length > 0) throw new ApiException('VALIDATION_FAILED', { message });
  }

  /**
   * Locks a user whose credentials are about to change.
   *
   * @param provedHash of the password that was shown.
   * @throws ApiException `INVALID_CREDENTIALS` when that is no longer theirs, or none was shown by a user with roles.
   */
  async lockProved(
    manager: EntityManager,
    id: string,
    provedHash: string | null,
  ): Promise<User | null> {
    const user = await this.users.lock(manager, id);
    const isOther = (user?.passwordHash ?? null) !== provedHash;
    const mustShow = user?.passwordHash != null && user.roles.length > 0;
    if (isOther && (provedHash !== null || mustShow)) throw new ApiException('INVALID_CREDENTIALS');
    return user;
  }

  /**
   * @param present the user as {@link lockProved} has read them.
   * @throws ApiException `USERNAME_TAKEN`.
   */
  async set(
    manager: EntityManager,
    { userId: id, sessionId }: { userId: string; sessionId: string },
    present: User | null,
    { username, passwordHash }: NewCredentials,
    by: By,
  ): Promise<void> {
    try {
      const now = this.clock.date();
      const isFirst = present?.passwordHash === null;
      const isNew = username !== undefined && username.toLowerCase() !== present?.username;
      const name = isNew && { username: username.toLowerCase(), usernameSetAt: now };
      const [updatedAt, passwordSetAt] = [now, passwordHash === null ? null : now];
      await manager.update(User, { id }, { ...name, passwordHash, passwordSetAt, updatedAt });
      const removed = passwordHash === null ? { removed: true } : {};
      const { outbox, audit } = this.changes.tell({
        action: 'credential.changed',
        ...by,
        userId: id,
        detail: { credential: 'password', first: isFirst, ...removed },
      });
      const kind = passwordHash === null ? 'password_removed' : SETTING[`${isFirst}`];
      const noticed = this.notices.tell({ kind, userId: id, sessionId });
      await together(manager, outbox, audit, noticed);
    } catch (error) {
      if (duplicateKey(error)?.endsWith('username')) throw new ApiException('USERNAME_TAKEN');
      throw error;
    }
  }
}
