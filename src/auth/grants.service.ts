import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../common/caller.decorator';
import type { Principal } from '../common/current-user.decorator';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { describeClient } from '../sessions/client-device';
import type { SessionRef } from '../sessions/session.entity';
import { SessionsService } from '../sessions/sessions.service';
import { retrying } from '../storage/retrying';
import { duplicateKey, isDeadlock } from '../storage/sql-errors';
import { PasswordsService } from '../users/passwords.service';
import { UsersService } from '../users/users.service';
import { type Account, GrantStatements, type Owner } from './grant-statements';

/** What users and sessions do together, each in one transaction: opening, changing and ending a grant. */
@Injectable()
export class GrantsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly passwords: PasswordsService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly statements: GrantStatements,
  ) {}

  /**
   * Opens a session for the owner of a number; the first one creates the user and the profile.
   *
   * @throws ApiException `USER_DISABLED`, or `INVALID_CODE` when another login spent the challenge.
   */
  forMobile(mobile: E164, challengeId: string, caller: Caller): Promise<SessionRef> {
    const client = describeClient(caller);
    const open = async (manager: EntityManager) => {
      const account = await this.lock(manager, { mobile });
      const userId = account?.id ?? (await this.users.register(manager, mobile));
      return this.sessions.start(manager, {
        userId,
        challengeId,
        client,
        others: account?.sessions,
      });
    };
    const opened = retrying(() => this.dataSource.transaction(open), isWorthRetrying);
    return opened.catch(refuseSpentChallenge);
  }

  /**
   * Opens a session for a user whose password was checked against `passwordHash`.
   *
   * @throws ApiException `USER_DISABLED`, or `INVALID_CREDENTIALS` when the password has changed since.
   */
  forUser(userId: string, passwordHash: string | null, caller: Caller): Promise<SessionRef> {
    const client = describeClient(caller);
    const open = async (manager: EntityManager) => {
      const account = await this.lock(manager, { id: userId });
      if (!account) throw new ApiException('USER_DISABLED');
      // A user who is changing it either has this session ended with the others or does not get it.
      if (account.passwordHash !== passwordHash) throw new ApiException('INVALID_CREDENTIALS');
      return this.sessions.start(manager, {
        userId,
        challengeId: null,
        client,
        others: account.sessions,
      });
    };
    return retrying(() => this.dataSource.transaction(open), isWorthRetrying);
  }

  /** Disables a user and ends their sessions: whatever races this, no live session is left. */
  async disable(userId: string): Promise<void> {
    const change = async (manager: EntityManager) => {
      await this.users.disable(manager, userId);
      return this.sessions.endAll(manager, userId, 'disabled');
    };
    const ended = await retrying(() => this.dataSource.transaction(change), isDeadlock);
    this.sessions.revoke(ended);
  }

  /**
   * Sets username and password, and ends the user's other sessions: all of it or nothing.
   *
   * @throws ApiException `USERNAME_TAKEN`.
   */
  async setCredentials(
    { userId, sessionId }: Principal,
    username: string,
    password: string,
  ): Promise<void> {
    const passwordHash = await this.passwords.hash(password);
    const change = async (manager: EntityManager) => {
      await this.users.setCredentials(manager, userId, username, passwordHash);
      return this.sessions.endAll(manager, userId, 'password_changed', sessionId);
    };
    const ended = await retrying(() => this.dataSource.transaction(change), isDeadlock);
    this.sessions.revoke(ended);
  }

  /**
   * Notes a login, which locks the account until the transaction ends, and reads it.
   *
   * @returns null for an unknown one, which is not locked.
   * @throws ApiException `USER_DISABLED`.
   */
  private async lock(manager: EntityManager, owner: Owner): Promise<Account | null> {
    const isActive = await this.users.recordLogin(manager, owner);
    const account = await this.statements.findAccount(manager, owner);
    if (isActive || !account) return account;
    if (account.status === 'disabled') throw new ApiException('USER_DISABLED');
    // A parallel login has registered it in between.
    return this.lock(manager, owner);
  }
}

/** Another login spent the challenge: to the caller, its code is used. */
function refuseSpentChallenge(error: unknown): never {
  throw isSpentChallenge(error) ? new ApiException('INVALID_CODE') : error;
}

/**
 * A deadlock, a number that a parallel first login registered, or an id that a node with the same
 * worker id took: a new attempt finds the user, or draws another id.
 */
function isWorthRetrying(error: unknown): boolean {
  return isDeadlock(error) || (duplicateKey(error) !== undefined && !isSpentChallenge(error));
}

const isSpentChallenge = (error: unknown) => duplicateKey(error)?.includes('challenge_id') === true;
