import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ChallengeCodesService } from '../codes/challenge-codes.service';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { type LoginMark, RefreshClientsService } from './refresh-clients.service';
import { type LoginSession, RepeatedLoginQueries } from './repeated-login.queries';

/** A code that was used, presented again by whoever says that they have used it. */
export interface UsedCode {
  readonly mobile: E164;
  readonly code: string;
}

/** How often the session of a code is answered again. */
const MAX_REPEATS = 3;
/** Passwords are checked each time, and have limits of their own. */
const MAX_PASSWORD_REPEATS = 1000;
/** The login that has used the code may still be under way, here or on another node. Milliseconds between looks. */
const LOOKS_MS = [50, 150, 300, 500];

/**
 * Logins whose answer was lost: the client that has the key of the login gets its session again, within `LOGIN_GRACE` and until
 * the refresh token was exchanged for another one. Whether the code is right has been judged, and counted, before.
 */
@Injectable()
export class RepeatedLoginsService {
  constructor(
    private readonly clients: RefreshClientsService,
    private readonly clock: Clock,
    private readonly codes: ChallengeCodesService,
    private readonly env: Env,
    private readonly queries: RepeatedLoginQueries,
  ) {}

  /** The session that a used code has opened; null for another client, and when it is too late. */
  async sessionOfCode(used: UsedCode, mark: LoginMark): Promise<LoginSession | null> {
    let session = await this.find(used);
    for (const wait of LOOKS_MS) {
      if (session) break;
      await delay(wait);
      session = await this.find(used);
    }
    return session ? this.repeated(session, mark, MAX_REPEATS) : null;
  }

  /** The session that who was asked a question got for the answer. */
  async sessionOfClaim(challengeId: string, mark: LoginMark): Promise<LoginSession | null> {
    const session = await this.queries.ofChallenge(challengeId);
    return session && this.repeated(session, mark, MAX_REPEATS);
  }

  /** The session that a password login opened under an id. */
  async sessionOfLogin(
    userId: string,
    loginId: string,
    mark: LoginMark,
  ): Promise<LoginSession | null> {
    const session = await this.queries.ofLoginId(userId, loginId);
    return session && this.repeated(session, mark, MAX_PASSWORD_REPEATS);
  }

  /** Any session of the code, also one that is not to be repeated: no other will come of it. */
  private async find({ mobile, code }: UsedCode): Promise<LoginSession | undefined> {
    const lifetime = Math.max(this.env.CODE_TTL, this.env.LOGIN_GRACE) * 1000;
    const sessions = await this.queries.ofMobile(mobile, this.clock.now() - lifetime);
    return sessions.find(({ challengeId: id }) => this.codes.isAnswered({ id, mobile }, code));
  }

  private async repeated(
    session: LoginSession,
    mark: LoginMark,
    most: number,
  ): Promise<LoginSession | null> {
    if (!this.clients.isSameLogin(session.loginKey, session.id, mark)) return null;
    const since = this.clock.now() - this.env.LOGIN_GRACE * 1000;
    return (await this.queries.repeat(session, since, most)) ? session : null;
  }
}
