import { HttpStatus, Injectable } from '@nestjs/common';
import { ClientConfigService } from '../auth/client-config.service';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import type { Reply } from '../contract/reply';
import { RefusedRequestsService } from '../contract/refused-requests.service';
import type { HttpRequest } from '../contract/request';
import { MetricsService } from '../observability/metrics.service';
import type { AskedCaptcha } from './forms';
import { addressOf, type Look } from './layout';
import { PageAssetsService } from './page-assets.service';
import { badLinkPage } from './pages';
import { pageHeaders } from './page-headers';
import { sentenceFor } from './sentences';
import { type Visit, wordsOf } from './visit';
import { type Given, type OpenVisit, VisitsService } from './visits.service';

/** A form that was sent. */
export interface Posted {
  readonly request: HttpRequest;
  readonly reply: Reply;
  readonly visit: OpenVisit;
}

/** What all pages of the server have in common. */
@Injectable()
export class PagesService {
  readonly look: Look;

  constructor(
    assets: PageAssetsService,
    config: ClientConfigService,
    private readonly env: Env,
    private readonly metrics: MetricsService,
    private readonly refused: RefusedRequestsService,
    private readonly visits: VisitsService,
  ) {
    const { password_login: hasPasswords, terms_version: version, terms_url: url } = config.config;
    this.look = {
      base: env.PUBLIC_URL ? new URL(env.PUBLIC_URL).pathname.replace(/\/+$/, '') : '',
      appName: env.APP_NAME,
      logo: env.LOGIN_LOGO_URL,
      hasPasswords,
      terms: version && url ? { version, url } : undefined,
      styleSheet: assets.styleSheet,
      script: assets.script,
    };
  }

  /** @param sessionId whose forms they are, on pages for somebody who is logged in. */
  open(request: HttpRequest, given: Given, reply: Reply, sessionId?: string): OpenVisit {
    const visit = this.visits.open(request, given, sessionId);
    for (const [name, value] of Object.entries(pageHeaders(this.env, visit))) {
      reply.header(name, value);
    }
    if (visit.cookie) reply.header('set-cookie', visit.cookie);
    return visit;
  }

  /**
   * Does what a form asks for, if a page of ours has sent it. What is no fault of the caller is an error like every other.
   *
   * @param again shows the form, with what is wrong.
   */
  async attempt(
    { visit, reply }: Posted,
    act: () => Promise<string>,
    again: (sentence: string) => string,
    refused: (error: ApiException) => string | Promise<string>,
  ): Promise<string> {
    if (!visit.isKnown) return this.refuseLink(visit, reply);
    if (!visit.isOwnForm) {
      reply.status(HttpStatus.FORBIDDEN);
      return again(wordsOf(visit).form.stale);
    }
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      return refused(error);
    }
  }

  refuseLink(visit: Visit, reply: Reply): string {
    reply.status(HttpStatus.BAD_REQUEST);
    return badLinkPage(this.look, visit);
  }

  /** Answers with a page in the place of an error. @returns what is to stand on it, where scripts may get a captcha or not. */
  refuse(
    request: HttpRequest,
    reply: Reply,
    error: ApiException,
    visit: Visit,
    captcha?: AskedCaptcha,
  ): string {
    this.metrics.refusal(error.errorCode);
    this.refused.note(request, error);
    reply.status(error.getStatus());
    if (error.retryAfter) reply.header('retry-after', String(error.retryAfter));
    return sentenceFor(error, visit, captcha !== undefined);
  }

  /** 303: the next request is a GET, and the form is not sent along. */
  leadBack(visit: Visit, reply: Reply, cookies: string[]): string {
    for (const cookie of cookies) reply.header('set-cookie', cookie);
    const { next, returnTo } = visit;
    const address = returnTo.startsWith('/') ? this.look.base + returnTo : returnTo;
    reply.header(
      'location',
      next ? addressOf(this.look, { ...visit, next: undefined }, `/${next}`) : address,
    );
    reply.status(HttpStatus.SEE_OTHER);
    return '';
  }
}
