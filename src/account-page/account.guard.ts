import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RefreshCookiesService } from '../auth/cookies/refresh-cookies.service';
import { ApiException } from '../common/errors';
import type { Reply } from '../contract/reply';
import type { HttpRequest } from '../contract/request';
import { PagesService } from '../login-page/pages.service';
import type { Given } from '../login-page/visits.service';
import { noteAsked, type Topic } from './account';
import { AccountSessionsService } from './account-sessions.service';

/** Under which a controller says what it is about. */
export const TOPIC = 'tandem:account-topic';

type PageRequest = HttpRequest & { readonly method: string; readonly query: Given };

/**
 * Admits a browser that goes to a page, and sends forms of the pages that it was shown, by the session of its cookie:
 * SECURITY.md says why the refresh token is enough here, and nowhere else.
 */
@Injectable()
export class AccountGuard implements CanActivate {
  constructor(
    private readonly cookies: RefreshCookiesService,
    private readonly pages: PagesService,
    private readonly reflector: Reflector,
    private readonly sessions: AccountSessionsService,
  ) {}

  /** @throws ApiException `REQUEST_REFUSED`, `UNAUTHORIZED` or `USER_DISABLED`. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<PageRequest>(), http.getResponse<Reply>()];
    const isForm = request.method === 'POST';
    const [cookie] = this.cookies.in(request.headers);
    const given = (isForm ? request.body : request.query) as Given | undefined;
    const visit = this.pages.open(request, given ?? {}, reply, cookie?.sessionId);
    const topic: Topic = this.reflector.get<Topic>(TOPIC, context.getClass());
    noteAsked(request, { visit, topic });
    if (!isNavigation(request)) throw new ApiException('REQUEST_REFUSED', { status: 403 });
    if (!visit.isKnown) throw new ApiException('VALIDATION_FAILED');
    if (!cookie) throw new ApiException('UNAUTHORIZED');
    if (isForm && !visit.isOwnForm) throw new ApiException('REQUEST_REFUSED', { status: 403 });
    request.user = await this.sessions.holderOf(cookie, request);
    return true;
  }
}

/** Scripts say `empty` and frames `iframe`; of old browsers, which say neither, scripts of other origins send an `Origin`. */
function isNavigation({ headers, method }: PageRequest): boolean {
  const { 'sec-fetch-dest': destination = 'document', origin } = headers;
  return destination === 'document' && (method === 'POST' || origin === undefined);
}
