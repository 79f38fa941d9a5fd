import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { UsedCodeError } from '../codes/challenge-store';
import type { Caller } from '../contract/caller.decorator';
import { noteSubject } from '../contract/request-subject';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { type ClientDevice, describeClient } from '../sessions/client-device';
import type { OpenedSession, SessionRef } from '../sessions/session.entity';
import { type NewSession, SessionsService } from '../sessions/sessions.service';
import { MetricsService } from '../observability/metrics.service';
import { retrying } from '../storage/retrying';
import type { Sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { UsersService } from '../users/users.service';
import { isConsumedChallenge, isWorthRetrying } from './challenge-errors';
import type { LoginDevice } from './device.queries';
import { GrantsService } from './grants.service';
import { LoginMarksService } from './login-marks.service';
import type { LoginMark } from './refresh-clients.service';
import { DormancyService } from './recycled-numbers/dormancy.service';
import type { LoginSession } from './repeated-login.queries';
import { type Opening, RegistrationQueries } from './registration.queries';
import { RepeatedLoginsService, type UsedCode } from './repeated-logins.service';

/** A session that a code has opened. */
export type CodeSession = SessionRef & {
  readonly isNewUser: boolean;
  readonly deviceToken: string;
};

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

/** What the code of a number opens. */
@Injectable()
export class CodeGrantsService {
  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly dormancy: DormancyService,
    private readonly env: Env,
    private readonly grants: GrantsService,
    private readonly marks: LoginMarksService,
    private readonly metrics: MetricsService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly registrations: RegistrationQueries,
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
    const opened = await this.grants.open({
      owner: { mobile, holder },
      session,
      device,
      requestId,
    });
    if (opened) return opened;
    if (attempt.holder) throw new ApiException('INVALID_CODE');
    if (this.env.SIGNUP === 'closed') {
      throw new ApiException('INVALID_CODE', { reason: 'signup_closed' });
    }
    attempt.registers = true;
    const userId = await this.registrations.register(mobile, { session, device, requestId });
    return session.of(userId, session.row.id, []);
  }

  private newSession(challengeId: string, client: ClientDevice, mark?: LoginMark): NewSession {
    return this.sessions.newSession(challengeId, client, this.marks.tracesOf(mark));
  }
}
