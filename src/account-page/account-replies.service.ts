import { HttpStatus, Injectable } from '@nestjs/common';
import { RefreshCookiesService } from '../auth/cookies/refresh-cookies.service';
import { ApiException } from '../common/errors';
import { cookieValues, hostCookie } from '../contract/cookies';
import type { Reply } from '../contract/reply';
import type { HttpRequest } from '../contract/request';
import type { AskedCaptcha } from '../login-page/forms';
import { addressOf } from '../login-page/layout';
import { PageCaptchasService } from '../login-page/page-captchas.service';
import { PagesService } from '../login-page/pages.service';
import type { Visit } from '../login-page/visit';
import { askedOf, type Topic, TOPICS } from './account';
import { isStep } from './account-error.filter';

/** Tells the next page that something was done: in no address, since anybody may write one. */
const SAVED = '__Host-tandem-saved';

/** What forms of an account are answered with. */
@Injectable()
export class AccountRepliesService {
  constructor(
    private readonly captchas: PageCaptchasService,
    private readonly cookies: RefreshCookiesService,
    private readonly pages: PagesService,
  ) {}

  /** 303: the next request is a GET, and a page that is loaded again sends no form again. */
  lead(reply: Reply, visit: Visit, topic: Topic): string {
    reply.header('location', addressOf(this.pages.look, visit, TOPICS[topic]));
    reply.status(HttpStatus.SEE_OTHER);
    return '';
  }

  /** Says so on the page that it leads to. */
  saved(reply: Reply, visit: Visit, topic: Topic = 'overview'): string {
    reply.header('set-cookie', savedCookie(60));
    return this.lead(reply, visit, topic);
  }

  /** Whether the page is to say that something was saved, once. */
  takeSaved({ headers }: HttpRequest, reply: Reply): boolean {
    const isSaved = cookieValues(headers, SAVED).length > 0;
    if (isSaved) reply.header('set-cookie', savedCookie(0));
    return isSaved;
  }

  /** Takes the sessions away from the browser, which have ended. */
  logOut({ headers }: HttpRequest, reply: Reply): void {
    for (const { name } of this.cookies.in(headers)) {
      reply.header('set-cookie', this.cookies.clearing(name));
    }
  }

  /**
   * Shows the form again where something is wrong with it, or refused.
   *
   * @param numberOf what a code of it goes to, for the captcha that it may want.
   */
  async attempt(
    request: HttpRequest,
    reply: Reply,
    act: () => Promise<string>,
    again: (error: string, captcha?: AskedCaptcha) => string | Promise<string>,
    numberOf?: () => string | Promise<string>,
  ): Promise<string> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiException) || isStep(error)) throw error;
      const captcha = numberOf && (await this.captchas.askedBy(error, request, numberOf));
      const { visit } = askedOf(request)!;
      return again(this.pages.refuse(request, reply, error, visit, captcha), captcha);
    }
  }
}

const savedCookie = (maxAge: number) => hostCookie(SAVED, '1', { maxAge });
