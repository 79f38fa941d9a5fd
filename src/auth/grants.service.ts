import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { By } from '../audit/change';
import { UsedCodeError } from '../codes/challenge-store';
import type { Caller } from '../contract/caller.decorator';
import { noteSubject } from '../contract/request-subject';
import type { Principal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { type ClientDevice, describeClient } from '../sessions/client-device';
import type { OpenedSession, SessionRef } from '../sessions/session.entity';
import { type NewSession, SessionsService } from '../sessions/sessions.service';
import { MetricsService } from '../observability/metrics.service';
import { retrying } from '../storage/retrying';
import type { Sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { RESERVED } from '../users/reserved-number';
import { type NewCredentials, UsersService } from '../users/users.service';
import { isConsumedChallenge, isWorthRetrying } from './challenge-errors';
import type { LoginDevice } from './device.queries';
import { type Login, LoginQueries, type Opening, type Owner, type Surplus } from './login.queries';
import { LoginMarksService } from './login-marks.service';
import { type LoginMark, RefreshClientsService } from './refresh-clients.service';
import { DormancyService } from './recycled-numbers/dormancy.service';
import type { LoginSession } from './repeated-login.queries';
import { RepeatedLoginsService, type UsedCode } from './repeated-logins.service';

/** At making room for a session: as many logins of one user at a time may take it from one of them. */
const MAX_ATTEMPTS = 100;

/** A session that a code has opened. */
export type CodeSession = SessionRef & {
  readonly isNewUser: boolean;
  readonly deviceToken: string;
};

type PasswordOwner = Extract<Owner, { id: string }>;

/** A login of who has proved a number. */
export interface NumberLogin {
  readonly mobile: E164;
  readonly challengeId: string;
  readonly deviceToken?: string;
  /** Of who may have it again, when the answer is lost. */
  readonly mark?: LoginMark;
  /** Which user must have it; left out, anybody who was not asked to be away for long, and if there is nobody, a new one. */
  readonly holder?: Sql;
}

/** To whom a number was given. */
interface Given {
  readonly userId: string;
  readonly isNewUser: boolean;
  /** Sessions that ended by it. */
  readonly ended: string[];
}

/** A login by code that is being tried. */
interface Attempt extends NumberLogin {
  readonly client: ClientDevice;
  readonly device: LoginDevice;
  readonly requestId?: string;
  /** Whether its last try registers the user. */
  registers: boolean;
}

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

/** What users and sessions do together, each in one transaction: opening and changing a grant. */
@Injectable()
export class GrantsService {
  constructor(
    private readonly clients: RefreshClientsService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly dormancy: DormancyService,
    private readonly env: Env,
    private readonly marks: LoginMarksService,
    private readonly metrics: MetricsService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly queries: LoginQueries,
    private readonly repeatedLogins: RepeatedLoginsService,
  ) {}

  /**
   * Opens a session for the owner of a number; the first one creates the user and the profile. A device whose token is
   * shown stays what it is while it lives, any other is added.
   *
   * @throws ApiException `USER_DISABLED`, or `INVALID_CODE` where nobody signs up, and for another user than that who must have it.
   * @throws HeldNumberException
   * @throws UsedCodeError when another login consumed the challenge. After any other error no session was found.
   */
  async forMobile(login: NumberLogin, caller: Caller): Promise<CodeSession> {
    const { challengeId, deviceToken, mark } = login;
    const device = this.marks.deviceOf(challengeId, deviceToken, mark);
    const client = describeClient(caller);
    const { requestId } = caller;
    const attempt = { ...login, client, device, requestId, registers: false };
    const open = () => this.openForMobile(attempt);
    const session = await retrying(open, isWorthRetrying).catch((error: unknown) =>
      this.afterFailure(challengeId, error),
    );
    return this.codeSession(session, attempt.registers, device, caller);
  }

  /**
   * Opens the first session of whoever gets a number, in the transaction that gives it.
   *
   * @param give is done again when it collides with others.
   * @throws UsedCodeError when another call consumed the challenge.
   */
  async inTransaction(
    { challengeId, mark }: Pick<NumberLogin, 'challengeId' | 'mark'>,
    caller: Caller,
    give: (manager: EntityManager, opening: Opening) => Promise<Given>,
  ): Promise<CodeSession> {
    const device = this.marks.deviceOf(challengeId, undefined, mark);
    const { requestId } = caller;
    let given: Given | undefined;
    const open = async (manager: EntityManager) => {
      const session = this.newSession(challengeId, describeClient(caller), mark);
      given = await give(manager, { session, device, requestId });
      return session.of(given.userId, session.row.id, []);
    };
    const session = await retrying(() => this.dataSource.transaction(open), isWorthRetrying).catch(
      (error: unknown) => this.afterFailure(challengeId, error),
    );
    const { isNewUser, ended } = given!;
    this.sessions.revoke(ended);
    return this.codeSession(session, isNewUser, device, caller);
  }

  /** What {@link forMobile} has answered, or the proof that it was refused for; null for another client than that of the mark, and when it is too late. */
  async forMobileAgain(
    used: UsedCode,
    caller: Caller,
    deviceToken: string | undefined,
    mark: LoginMark,
  ): Promise<CodeSession | LoginSession | null> {
    const session = await this.repeatedLogins.sessionOfCode(used, mark);
    return session && !session.isSpent ? this.again(session, caller, mark, deviceToken) : session;
  }

  /** What was opened in the place of a challenge that a question stood for. */
  async forClaimAgain(
    challengeId: string,
    caller: Caller,
    mark: LoginMark,
  ): Promise<CodeSession | null> {
    const session = await this.repeatedLogins.sessionOfClaim(challengeId, mark);
    return session && this.again(session, caller, mark);
  }

  private again(
    session: LoginSession,
    caller: Caller,
    mark: LoginMark,
    deviceToken?: string,
  ): CodeSession | null {
    const device = this.marks.deviceOf(session.challengeId, deviceToken, mark);
    // One that the login had shown, and this one does not: nobody knows its token.
    if (session.deviceId !== session.id && session.deviceId !== device.shown?.id) return null;
    noteSubject(caller, { userId: session.userId, sessionId: session.id });
    return { ...session, deviceToken: this.marks.tokenOf(session.deviceId, device) };
  }

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
    credentials: NewCredentials,
    provedHash: string | null,
    by: By,
  ): Promise<void> {
    const { userId, sessionId } = principal;
    const change = async (manager: EntityManager) => {
      await this.users.assertProved(manager, userId, provedHash);
      // Hashing takes its time: whoever has thrown a thief out has no password of theirs.
      if (!(await this.sessions.lockLive(manager, principal)))
        throw new ApiException('UNAUTHORIZED');
      await this.users.setCredentials(manager, principal, credentials, by);
      const ending = { ...by, reason: 'password_changed' } as const;
      return this.sessions.endAll(manager, userId, ending, sessionId);
    };
    const ended = await retrying(() => this.dataSource.transaction(change), isCollision);
    this.sessions.revoke(ended);
  }

  private codeSession(
    session: OpenedSession,
    isNewUser: boolean,
    device: LoginDevice,
    caller: Caller,
  ): CodeSession {
    this.metrics.login('code');
    noteSubject(caller, { userId: session.userId, sessionId: session.id });
    const deviceToken = this.marks.tokenOf(session.deviceId!, device);
    return Object.assign(session, { isNewUser, deviceToken });
  }

  /** The connection may have failed after the session was committed. */
  private async afterFailure(challengeId: string, error: unknown): Promise<OpenedSession> {
    if (isConsumedChallenge(error)) throw new UsedCodeError();
    const opened = error instanceof ApiException ? null : await this.findOpened(challengeId);
    if (opened) return opened;
    throw error;
  }

  private async findOpened(challengeId: string): Promise<OpenedSession | null> {
    try {
      const session = await this.sessions.findByChallenge(challengeId);
      const user = session && (await this.users.findById(session.userId));
      return user && Object.assign(session, { roles: user.roles });
    } catch {
      return null;
    }
  }

  private async openForMobile(attempt: Attempt): Promise<OpenedSession> {
    const { mobile, challengeId, client, device, requestId, mark } = attempt;
    attempt.registers = false;
    const session = this.newSession(challengeId, client, mark);
    const holder = attempt.holder ?? this.dormancy.sameHolderSql(mobile, device.shown);
    const opened = await this.open({ owner: { mobile, holder }, session, device, requestId });
    if (opened) return opened;
    if (attempt.holder) throw new ApiException('INVALID_CODE');
    if (this.env.SIGNUP === 'closed') {
      throw new ApiException('INVALID_CODE', { reason: 'signup_closed' });
    }
    attempt.registers = true;
    const userId = await this.queries.register(mobile, { session, device, requestId });
    return session.of(userId, session.row.id, []);
  }

  private newSession(challengeId: string, client: ClientDevice, mark?: LoginMark): NewSession {
    return this.sessions.newSession(challengeId, client, this.marks.tracesOf(mark));
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
      return this.open({ owner, session, device: null, requestId });
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

  /**
   * @returns null for an unknown account.
   * @throws HeldNumberException
   * @throws ApiException `USER_DISABLED`, or `INVALID_CREDENTIALS` when the password has changed.
   */
  private async open(login: Login): Promise<OpenedSession | null> {
    let surplus: Surplus | undefined;
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
      const account = await this.queries.logIn(login, surplus);
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
      surplus = await this.queries.findSurplus(account.id, login.session);
    }
    throw new ApiException('UNAVAILABLE');
  }
}
