import { Injectable } from '@nestjs/common';
import type { Challenge } from '../codes/challenge.entity';
import { CodesService } from '../codes/codes.service';
import { LimiterService, type Refund } from '../codes/limiter.service';
import { addressBucket } from '../common/client-address';
import { Clock } from '../common/clock';
import type { Caller } from '../contract/caller.decorator';
import type { Principal, RefreshPrincipal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { parseMobile } from '../common/phone-number';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import type { SessionRef } from '../sessions/session.entity';
import { SessionsService } from '../sessions/sessions.service';
import { DatabaseService } from '../storage/database.service';
import { UsersService } from '../users/users.service';
import type { CodeLoginDto } from './dto/code-login.dto';
import type { CodeRequestDto, CodeSentDto } from './dto/code-request.dto';
import type { AccessTokenDto, CodeTokenPairDto, TokenPairDto } from './dto/tokens.dto';
import { GrantsService } from './grants.service';
import { RefreshService } from './refresh.service';
import { TokenService } from './token.service';

/** Seconds after a login during which its session may change the password. */
const RECENT_LOGIN = 10 * 60;

/** Logging in, refreshing, logging out and changing the password. */
@Injectable()
export class AuthService {
  constructor(
    private readonly clock: Clock,
    private readonly codes: CodesService,
    private readonly database: DatabaseService,
    private readonly env: Env,
    private readonly grants: GrantsService,
    private readonly limiter: LimiterService,
    private readonly metrics: MetricsService,
    private readonly refreshes: RefreshService,
    private readonly sessions: SessionsService,
    private readonly tokens: TokenService,
    private readonly users: UsersService,
  ) {}

  /** @throws ApiException see {@link CodesService.send}. */
  async sendCode(request: CodeRequestDto, caller: Caller): Promise<CodeSentDto> {
    const mobile = parseMobile(request.mobile, this.env.SMS_COUNTRIES);
    const isKnown = await this.users.wasVerifiedLately(mobile);
    const sent = await this.codes.send({
      ...caller,
      mobile,
      audience: isKnown ? 'known' : 'fresh',
      deviceToken: request.device_token,
      locale: request.locale,
      captcha: request.captcha,
    });
    return { expires_in: sent.expiresIn, resend_in: sent.resendIn };
  }

  /** @throws ApiException `INVALID_CODE`, `USER_DISABLED` or `TOO_MANY_REQUESTS`. */
  async logInWithCode(login: CodeLoginDto, caller: Caller): Promise<CodeTokenPairDto> {
    const mobile = parseMobile(login.mobile, this.env.SMS_COUNTRIES);
    const { code, device_token: deviceToken } = login;
    const { address } = caller;
    const challenge = await this.codes.verify({ mobile, code, address, deviceToken });
    const session = await this.spend(challenge, caller);
    this.metrics.login('code');
    const device_token = this.codes.confirm(challenge);
    return Object.assign(this.tokenPair(session), { device_token });
  }

  /** @throws ApiException `INVALID_CREDENTIALS`, `USER_DISABLED` or `TOO_MANY_REQUESTS`. */
  async logInWithPassword(
    username: string,
    password: string,
    caller: Caller,
  ): Promise<TokenPairDto> {
    const name = username.toLowerCase();
    const refund = await this.limiter.take({
      'passwords-per-address': addressBucket(caller.address),
      'passwords-per-username': name,
      'passwords-per-username-daily': name,
    });
    const user = await this.findByCredentials(username, password, refund);
    if (!user) throw new ApiException('INVALID_CREDENTIALS');
    await refund();
    const session = await this.grants.forUser(user.id, user.passwordHash, caller);
    this.metrics.login('password');
    return this.tokenPair(session);
  }

  /** @throws ApiException `WRONG_REFRESH_TOKEN` or `USER_DISABLED`. */
  async refresh(token: RefreshPrincipal): Promise<AccessTokenDto | TokenPairDto> {
    const session = await this.refreshes.redeem(token);
    this.metrics.refresh();
    const isSuccessor = session.generation !== token.generation;
    return isSuccessor ? this.tokenPair(session) : this.accessToken(session);
  }

  async logOut(principal: Principal): Promise<void> {
    await this.sessions.end(principal, 'logout');
  }

  /**
   * Sets username and password, and ends the user's other sessions.
   *
   * @throws ApiException `RECENT_LOGIN_REQUIRED`, `VALIDATION_FAILED`, `USERNAME_TAKEN` or `TOO_MANY_REQUESTS`.
   */
  async setPassword(principal: Principal, username: string, password: string): Promise<void> {
    const { userId } = principal;
    const session = await this.sessions.findLive(principal);
    const recently = this.clock.now() - RECENT_LOGIN * 1000;
    if (!session) await this.database.assertPrimary();
    if (!session || session.createdAt.getTime() < recently) {
      throw new ApiException('RECENT_LOGIN_REQUIRED');
    }
    await this.users.refuseGuessable(userId, username, password);
    await this.limiter.take({ 'password-changes-per-user': userId });
    await this.grants.setCredentials(principal, username, password);
  }

  /** An attempt that fails for an outage is not counted. */
  private async findByCredentials(username: string, password: string, refund: Refund) {
    try {
      return await this.users.findByCredentials(username, password);
    } catch (error) {
      await refund();
      throw error;
    }
  }

  /** A login that fails for an outage leaves the code usable, unless only the word of its success was lost. */
  private async spend(challenge: Challenge, caller: Caller): Promise<SessionRef> {
    try {
      return await this.grants.forMobile(challenge.mobile, challenge.id, caller);
    } catch (error) {
      if (error instanceof ApiException) throw error;
      const opened = await this.sessions.findByChallenge(challenge.id).catch(() => null);
      if (opened) return opened;
      await this.codes.restore(challenge).catch(() => undefined);
      throw error;
    }
  }

  private tokenPair(session: SessionRef): TokenPairDto {
    const left = session.expiresAt.getTime() - this.clock.now();
    return Object.assign(this.accessToken(session), {
      refresh_token: this.tokens.signRefresh(session),
      refresh_expires_in: Math.ceil(left / 1000),
    });
  }

  private accessToken(session: SessionRef): AccessTokenDto {
    return {
      token: this.tokens.signAccess(session),
      token_type: 'Bearer',
      expires_in: this.tokens.accessLifetime(session),
    };
  }
}
