import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { By } from '../audit/change';
import { ApiException } from '../common/errors';
import type { Caller } from '../contract/caller.decorator';
import type { Principal } from '../contract/current-user.decorator';
import { noteSubject } from '../contract/request-subject';
import { MetricsService } from '../observability/metrics.service';
import { type ClientDevice, describeClient } from '../sessions/client-device';
import type { OpenedSession, SessionRef } from '../sessions/session.entity';
import { SessionsService } from '../sessions/sessions.service';
import { retrying } from '../storage/retrying';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { type NewCredentials, UserCredentialsService } from '../users/user-credentials.service';
import { isConsumedChallenge, isWorthRetrying } from './challenge-errors';
import { GrantsService } from './grants.service';
import type { Owner } from './login';
import { LoginMarksService } from './login-marks.service';
import { type LoginMark, RefreshClientsService } from './refresh-clients.service';
import { RepeatedLoginsService } from './repeated-logins.service';

type PasswordOwner = Extract<Owner, { id: string }>;

/** What a password opens, and what changes with it. */
@Injectable()
export class PasswordGrantsService {
  constructor(
    private readonly clients: RefreshClientsService,
    private readonly credentials: UserCredentialsService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly grants: GrantsService,
    private readonly marks: LoginMarksService,
    private readonly metrics: MetricsService,
    private readonly repeatedLogins: RepeatedLoginsService,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * Opens a session for a user whose password was checked against `passwordHash`.
   *
   * @param mark of who gets the same session when they do it again, because the answer was lost.
   * @throws ApiException `USER_DISABLED`, or `INVALID_CREDENTIALS` when the password has changed since.
   */
  async forUser(
    userId: string,
    passwordHash: string | null,
    caller: Caller,
    mark?: LoginMark,
  ): Promise<SessionRef> {
    const owner = { id: userId, passwordHash };
    const session = await this.openOrRepeat(owner, describeClient(caller), caller.requestId, mark);
    if (!session) throw new ApiException('USER_DISABLED', { reason: 'disabled' });
    noteSubject(caller, { userId, sessionId: session.id });
    this.metrics.login('password');
    return session;
  }

  /**
   * Sets or removes the password, and the username if there is one, and ends the user's other sessions: all of it or nothing.
   *
   * @param provedHash of the password until now that was shown; null where none was.
   * @throws ApiException `USERNAME_TAKEN`; `INVALID_CREDENTIALS` when the one that was shown has changed, or none was by a user with
   *   roles; `UNAUTHORIZED` when the session has ended meanwhile.
   */
  async setCredentials(
    principal: Principal,
    chosen: NewCredentials,
    provedHash: string | null,
    by: By,
  ): Promise<void> {
    const { userId, sessionId } = principal;
    const change = async (manager: EntityManager) => {
      const user = await this.credentials.lockProved(manager, userId, provedHash);
      // Hashing takes its time: whoever has thrown a thief out has no password of theirs.
      await this.sessions.assertLocked(manager, principal);
      await this.credentials.set(manager, principal, user, chosen, by);
      const ending = { ...by, reason: 'password_changed' } as const;
      return this.sessions.endAll(manager, userId, ending, sessionId);
    };
    const ended = await retrying(() => this.dataSource.transaction(change), isCollision);
    this.sessions.revoke(ended);
  }

  /** Of parallel logins with one key one opens a session, and after the grace the key is as good as none. */
  private async openOrRepeat(
    owner: PasswordOwner,
    client: ClientDevice,
    requestId?: string,
    mark?: LoginMark,
  ): Promise<OpenedSession | null> {
    const open = (loginId: string | null) => {
      const marks = { factor: 'pwd' as const, ...this.marks.tracesOf(mark) };
      const session = this.sessions.newSession(loginId, client, marks);
      return this.grants.open({ owner, session, device: null, requestId });
    };
    const loginId = mark ? this.clients.loginIdOf(owner.id, mark.key) : null;
    try {
      return await retrying(() => open(loginId), isWorthRetrying);
    } catch (error) {
      if (!loginId || !mark || !isConsumedChallenge(error)) throw error;
      const opened = await this.repeatedLogins.sessionOfLogin(owner.id, loginId, mark);
      return opened ?? retrying(() => open(null), isWorthRetrying);
    }
  }
}
