import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { from, mergeMap, type Observable } from 'rxjs';
import { callerOf } from '../../contract/caller.decorator';
import { requestOf } from '../../contract/request';
import type { RefreshedDto } from '../dto/tokens.dto';
import { cookieOfRequest, type CookieUse } from './cookie-use';
import { EarlierSessionsService } from './earlier-sessions.service';
import { RefreshCookiesService, sessionIn } from './refresh-cookies.service';

/** Moves the refresh token of an answer into the cookie, and clears that of a session which has ended. */
@Injectable()
export class RefreshCookieInterceptor implements NestInterceptor {
  constructor(
    private readonly cookies: RefreshCookiesService,
    private readonly earlierSessions: EarlierSessionsService,
    private readonly host: HttpAdapterHost,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const use = cookieOfRequest(requestOf(context));
    if (!use) return next.handle();
    const move = (tokens?: RefreshedDto) => from(this.move(context, use, tokens));
    return next.handle().pipe(mergeMap(move));
  }

  /** @param tokens of a login or a refresh; undefined after a logout. */
  private async move(context: ExecutionContext, use: CookieUse, tokens?: RefreshedDto) {
    if (!tokens) return this.set(context, this.cookies.clearing(use.name));
    const { refresh_token: token, ...shown } = tokens;
    if (token === undefined) return { ...shown, session_id: use.sessionId };
    const sessionId = use.sessionId ?? sessionIn(token)!;
    if (use.earlier) await this.earlierSessions.end(use.earlier, sessionId, callerOf(context));
    this.set(context, this.cookies.keeping({ ...use, token }, shown.refresh_expires_in!));
    return { ...shown, session_id: sessionId };
  }

  /** Beside those of a host. */
  private set(context: ExecutionContext, cookie: string): void {
    const response = context.switchToHttp().getResponse<object>();
    this.host.httpAdapter.appendHeader(response, 'set-cookie', cookie);
  }
}
