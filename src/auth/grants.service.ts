import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../contract/caller.decorator';
import type { Principal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { type ClientDevice, describeClient } from '../sessions/client-device';
import { DeviceTokensService } from '../sessions/device-tokens.service';
import type { OpenedSession, SessionRef } from '../sessions/session.entity';
import { SessionsService } from '../sessions/sessions.service';
import { MetricsService } from '../observability/metrics.service';
import { retrying } from '../storage/retrying';
import { duplicateKey, isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { UsersService } from '../users/users.service';
import type { LoginDevice } from './device.queries';
import { LoginQueries, type Owner, type Surplus } from './login.queries';

/** At making room for a session: as many logins of one user at a time may take it from one of them. */
const MAX_ATTEMPTS = 100;

/** A session that a code has opened. */
type CodeSession = SessionRef & { readonly isNewUser: boolean; readonly deviceToken: string };

/** A login by code that is being tried. */
interface Attempt {
  readonly mobile: E164;
  readonly challengeId: string;
  readonly client: ClientDevice;
  readonly device: LoginDevice;
  /** Whether its last try registers the user. */
  registers: boolean;
}

/** What users and sessions do together, each in one transaction: opening, changing and ending a grant. */
@Injectable()
export class GrantsService {
  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly deviceTokens: DeviceTokensService,
    private readonly metrics: MetricsService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly queries: LoginQueries,
  ) {}

  /**
   * Opens a session for the owner of a number; the first one creates the user and the profile. A device whose token is
   * shown stays what it is while it lives, any other is added.
   *
   * @throws ApiException `USER_DISABLED`, or `INVALID_CODE` when another login consumed the challenge. After any
   *   other error no session was found.
   */
  async forMobile(
    mobile: E164,
    challengeId: string,
    caller: Caller,
    deviceToken?: string,
  ): Promise<CodeSession> {
    const device = {
      shown: this.deviceTokens.read(deviceToken),
      fresh: this.deviceTokens.newSecret(),
    };
    const client = describeClient(caller);
    const attempt = { mobile, challengeId, client, device, registers: false };
    const open = () => this.openForMobile(attempt);
    const session = await retrying(open, isWorthRetrying).catch((error: unknown) =>
      this.afterFailure(challengeId, error),
    );
    this.metrics.login('code');
    return Object.assign(session, {
      isNewUser: attempt.registers,
      deviceToken: this.tokenOf(session.deviceId!, device),
    });
  }

  /**
   * Opens a session for a user whose password was checked against `passwordHash`.
   *
   * @throws ApiException `USER_DISABLED`, or `INVALID_CREDENTIALS` when the password has changed since.
   */
  async forUser(userId: string, passwordHash: string | null, caller: Caller): Promise<SessionRef> {
    const client = describeClient(caller);
    const open = () => this.open({ id: userId, passwordHash }, null, client, null);
    const session = await retrying(open, isWorthRetrying);
    if (!session) throw new ApiException('USER_DISABLED');
    this.metrics.login('password');
    return session;
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
    passwordHash: string,
  ): Promise<void> {
    const change = async (manager: EntityManager) => {
      await this.users.setCredentials(manager, userId, username, passwordHash);
      return this.sessions.endAll(manager, userId, 'password_changed', sessionId);
    };
    const ended = await retrying(() => this.dataSource.transaction(change), isDeadlock);
    this.sessions.revoke(ended);
  }

  /** The connection may have failed after the session was committed. */
  private async afterFailure(challengeId: string, error: unknown): Promise<OpenedSession> {
    if (isConsumedChallenge(error)) throw new ApiException('INVALID_CODE');
    const opened = error instanceof ApiException ? null : await this.findOpened(challengeId);
    if (opened) return opened;
    throw error;
  }

  private findOpened(challengeId: string): Promise<OpenedSession | null> {
    return this.sessions.findByChallenge(challengeId).catch(() => null);
  }

  private tokenOf(deviceId: string, { shown, fresh }: LoginDevice): string {
    return this.deviceTokens.tokenOf(deviceId, (deviceId === shown?.id ? shown : fresh).secret);
  }

  private async openForMobile(attempt: Attempt): Promise<OpenedSession> {
    const { mobile, challengeId, client, device } = attempt;
    attempt.registers = false;
    const opened = await this.open({ mobile }, challengeId, client, device);
    if (opened) return opened;
    attempt.registers = true;
    const session = this.sessions.newSession(challengeId, client);
    return session.of(await this.queries.register(mobile, session, device), session.row.id);
  }

  /**
   * @returns null for an unknown account.
   * @throws ApiException `USER_DISABLED`, or `INVALID_CREDENTIALS` when the password has changed.
   */
  private async open(
    owner: Owner,
    challengeId: string | null,
    client: ClientDevice,
    device: LoginDevice | null,
  ): Promise<OpenedSession | null> {
    const session = this.sessions.newSession(challengeId, client);
    let surplus: Surplus | undefined;
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
      const account = await this.queries.logIn(owner, session, device, surplus);
      if (!account) return null;
      if (account.status !== 'active') throw new ApiException('USER_DISABLED');
      if (!account.isProved) throw new ApiException('INVALID_CREDENTIALS');
      if (account.hasSession) return session.of(account.id, account.deviceId);
      // Parallel logins may take the room that this makes. They have come to an end then.
      surplus = await this.queries.findSurplus(account.id);
    }
    throw new ApiException('UNAVAILABLE');
  }
}

/**
 * A deadlock, a number that a parallel first login registered, or an id that a node with the same
 * worker id took: a new attempt finds the user, or draws another id.
 */
function isWorthRetrying(error: unknown): boolean {
  return isDeadlock(error) || (duplicateKey(error) !== undefined && !isConsumedChallenge(error));
}

const isConsumedChallenge = (error: unknown) =>
  duplicateKey(error)?.endsWith('challenge_id') === true;
