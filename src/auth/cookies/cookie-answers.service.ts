import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Caller, callerOf } from '../../contract/caller.decorator';
import { requestOf } from '../../contract/request';
import type { RefreshedDto } from '../dto/tokens.dto';
import { cookieOfRequest, type CookieUse } from './cookie-use';
import { EarlierSessionsService } from './earlier-sessions.service';
import { RefreshCookiesService, sessionIn } from './refresh-cookies.service';

/** A cookie that an answer is to set or clear. */
export class AnswerCookie {
  /** Out of the reach of a host's pipes, which may look through all that a handler is given. */
  readonly #response: object;

  constructor(
    readonly use: CookieUse,
    readonly caller: Caller,
    response: object,
  ) {
    this.#response = response;
  }

  /** Beside those of a host. */
  set({ httpAdapter }: HttpAdapterHost, cookie: string): void {
    httpAdapter.appendHeader(this.#response, 'set-cookie', cookie);
  }
}

/** Injects it; undefined for a client that keeps its tokens itself. */
export const CookieOfAnswer = createParamDecorator(
  (_: unknown, context: ExecutionContext): AnswerCookie | undefined => {
    const use = cookieOfRequest(requestOf(context));
    if (!use) return undefined;
    return new AnswerCookie(use, callerOf(context), context.switchToHttp().getResponse());
  },
);

/** Moves the refresh token of an answer into the cookie, and clears that of a session which has ended. */
@Injectable()
export class CookieAnswersService {
  constructor(
    private readonly cookies: RefreshCookiesService,
    private readonly earlierSessions: EarlierSessionsService,
    private readonly host: HttpAdapterHost,
  ) {}

  /** What the client of a login or a refresh gets to see of its tokens. */
  async answer<T extends RefreshedDto>(tokens: T, cookie?: AnswerCookie): Promise<T> {
    if (!cookie) return tokens;
    const { use, caller } = cookie;
    const { refresh_token: token, ...shown } = tokens;
    const sessionId = use.sessionId ?? sessionIn(token!)!;
    if (token !== undefined) {
      if (use.earlier) await this.earlierSessions.end(use.earlier, sessionId, caller);
      cookie.set(this.host, this.cookies.keeping({ ...use, token }, shown.refresh_expires_in!));
    }
    return { ...(shown as T), session_id: sessionId };
  }

  clear(cookie?: AnswerCookie): void {
    cookie?.set(this.host, this.cookies.clearing(cookie.use.name));
  }
}
