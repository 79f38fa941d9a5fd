import { Injectable } from '@nestjs/common';
import { EarlierSessionsService } from '../auth/cookies/earlier-sessions.service';
import {
  type RefreshCookie,
  RefreshCookiesService,
  sessionIn,
} from '../auth/cookies/refresh-cookies.service';
import { CodeLoginDto } from '../auth/dto/code-login.dto';
import { CodeRequestDto } from '../auth/dto/code-request.dto';
import { PasswordLoginDto } from '../auth/dto/password-login.dto';
import { ReassignedDto } from '../auth/dto/reassigned.dto';
import type { LoginDto } from '../auth/dto/tokens.dto';
import { CodeLoginService } from '../auth/methods/code-login.service';
import { CodeRequestService } from '../auth/methods/code-request.service';
import { PasswordLoginService } from '../auth/methods/password-login.service';
import { ReassignmentsService } from '../auth/recycled-numbers/reassignments.service';
import { ApiException } from '../common/errors';
import { hasCountryCode, parseMobile } from '../common/phone-number';
import { Env } from '../config/env';
import { bodyPipe } from '../contract/body.pipe';
import { callerOfRequest } from '../contract/caller.decorator';
import { cookieValues, hostCookie } from '../contract/cookies';
import type { HttpRequest } from '../contract/request';
import { FormTokensService } from './form-tokens.service';
import type { Sent } from './pages';
import type { OpenVisit } from './visits.service';

/** The device token of the last login of this browser by code. It opens nothing. */
const DEVICE = '__Host-tandem-device';
const DEVICE_SECONDS = 365 * 86_400;

const ANSWERS: Readonly<Partial<Record<string, boolean>>> = { yes: true, no: false };

/** What the forms do: the same as the routes of `/auth`, under the same limits, with the results in cookies. */
@Injectable()
export class PageLoginsService {
  constructor(
    private readonly codeLogins: CodeLoginService,
    private readonly codeRequests: CodeRequestService,
    private readonly cookies: RefreshCookiesService,
    private readonly earlierSessions: EarlierSessionsService,
    private readonly env: Env,
    private readonly passwordLogins: PasswordLoginService,
    private readonly reassignments: ReassignmentsService,
    private readonly tokens: FormTokensService,
  ) {}

  /** @throws ApiException as `POST /auth/codes`. */
  async sendCode(
    request: HttpRequest,
    { lang }: OpenVisit,
    typed: { mobile?: string; country?: string; captcha?: string },
  ): Promise<Sent> {
    const mobile = this.readMobile(typed.mobile ?? '', typed.country);
    const { captcha } = typed;
    const body = { mobile, locale: lang, captcha, device_token: deviceOf(request) };
    const sent = await this.codeRequests.send(
      await checked(CodeRequestDto, body),
      callerOfRequest(request),
    );
    const resendAt = Date.now() + sent.resend_in * 1000;
    return { mobile, challenge: sent.challenge, resendAt };
  }

  /** @returns the cookies of the session. @throws ApiException as `POST /auth/tokens`. */
  async byCode(
    request: HttpRequest,
    visit: OpenVisit,
    typed: Partial<Record<'mobile' | 'code' | 'challenge' | 'captcha' | 'terms_version', string>>,
  ): Promise<string[]> {
    const { mobile, code, challenge, captcha, terms_version } = typed;
    const device_token = deviceOf(request);
    const body = { mobile, code, challenge, captcha, terms_version, device_token };
    const key = this.tokens.loginKeyOf(visit.secret, challenge ?? '');
    const [newest] = this.cookies.in(request.headers);
    const login = await checked(CodeLoginDto, body);
    const pair = await this.codeLogins.logIn(login, callerOfRequest(request), key);
    const kept = await this.cookieOf(request, newest, pair, key);
    return [kept, keepingDevice(pair.device_token)];
  }

  /** @returns the cookies of the session. @throws ApiException as `POST /auth/tokens/reassigned`. */
  async byAnswer(
    request: HttpRequest,
    visit: OpenVisit,
    typed: Partial<Record<'ticket' | 'mine' | 'password' | 'terms_version', string>>,
  ): Promise<string[]> {
    const { ticket, mine = '', password, terms_version } = typed;
    const body = { ticket, mine: ANSWERS[mine], password: password || undefined, terms_version };
    const key = this.tokens.loginKeyOf(visit.secret, ticket ?? '');
    const [newest] = this.cookies.in(request.headers);
    const answer = await checked(ReassignedDto, body);
    const pair = await this.reassignments.answer(answer, callerOfRequest(request), key);
    const kept = await this.cookieOf(request, newest, pair, key);
    return [kept, keepingDevice(pair.device_token)];
  }

  /** @returns the cookies of the session. @throws ApiException as `POST /auth/login`. */
  async byPassword(
    request: HttpRequest,
    { name = '', password }: { name?: string; password?: string },
  ): Promise<string[]> {
    const body = { ...this.nameIn(name), password, device_token: deviceOf(request) };
    const key = this.tokens.newSecret();
    const [newest] = this.cookies.in(request.headers);
    const login = await checked(PasswordLoginDto, body);
    const pair = await this.passwordLogins.logIn(login, callerOfRequest(request), key);
    return [await this.cookieOf(request, newest, pair, key)];
  }

  /** @param newest that the browser had before. */
  private async cookieOf(
    request: HttpRequest,
    newest: RefreshCookie | undefined,
    pair: LoginDto,
    key: string,
  ): Promise<string> {
    const token = pair.refresh_token!;
    const sessionId = sessionIn(token)!;
    if (newest) await this.earlierSessions.end(newest.token, sessionId, callerOfRequest(request));
    const name = this.cookies.nameBeside(newest);
    return this.cookies.keeping({ name, token, key }, pair.refresh_expires_in);
  }

  /** A national number is one of the country that was chosen. */
  readMobile(text: string, country?: string): string {
    const isServed =
      country !== undefined &&
      (this.env.SMS_COUNTRIES[0] === '*' || this.env.SMS_COUNTRIES.includes(country));
    return isServed && !hasCountryCode(text) ? parseMobile(text, [country]) : text;
  }

  /** Whoever types what is a number means that. */
  private nameIn(text: string): { mobile: string } | { username: string } {
    try {
      return { mobile: parseMobile(text, this.env.SMS_COUNTRIES) };
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      return { username: text };
    }
  }
}

/** As the routes of `/auth` check what they are sent. */
export function checked<T>(metatype: new () => T, given: object): Promise<T> {
  const body = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return bodyPipe.transform(body, { type: 'body', metatype }) as Promise<T>;
}

export function deviceOf({ headers }: HttpRequest): string | undefined {
  return cookieValues(headers, DEVICE)[0];
}

const keepingDevice = (token: string) => hostCookie(DEVICE, token, { maxAge: DEVICE_SECONDS });
