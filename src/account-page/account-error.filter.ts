import { type ArgumentsHost, Catch, type HttpException, HttpStatus, Inject } from '@nestjs/common';
import { ApiException, type ErrorCode } from '../common/errors';
import { ErrorFilter } from '../contract/error.filter';
import type { Reply } from '../contract/reply';
import type { HttpRequest } from '../contract/request';
import { addressOf } from '../login-page/layout';
import { badLinkPage } from '../login-page/pages';
import { PagesService } from '../login-page/pages.service';
import { sentenceFor } from '../login-page/sentences';
import { wordsOf } from '../login-page/visit';
import { type Asked, askedOf } from './account';
import { errorPage } from './pages/error';

/** What is no error to a reader, but the next step. */
const STEPS: ReadonlySet<ErrorCode | undefined> = new Set([
  'UNAUTHORIZED',
  'RECENT_LOGIN_REQUIRED',
  'RECENT_CODE_REQUIRED',
]);

/** Whether a page is led elsewhere, and shows nothing. */
export const isStep = ({ errorCode }: ApiException) => STEPS.has(errorCode);

/** Shows people what the API tells clients, and leads them to where they log in or confirm that it is they. */
@Catch()
export class AccountErrorFilter extends ErrorFilter {
  @Inject(PagesService) private readonly pages!: PagesService;

  protected override answer(error: HttpException, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const reply = http.getResponse<Reply & { send(body: string): unknown }>();
    const asked = askedOf(request) ?? {
      visit: this.pages.open(request, {}, reply),
      topic: 'overview' as const,
    };
    reply.header('content-type', 'text/html; charset=utf-8');
    const step = asked.visit.isKnown ? this.stepAfter(error, asked) : undefined;
    if (step === undefined) {
      reply.status(error.getStatus());
      return void reply.send(this.pageOf(error, asked));
    }
    reply.header('location', step);
    reply.status(HttpStatus.SEE_OTHER);
    reply.send('');
  }

  private pageOf(error: HttpException, { visit, topic }: Asked): string {
    if (!visit.isKnown) return badLinkPage(this.pages.look, visit);
    const { form, errors } = wordsOf(visit);
    if (!(error instanceof ApiException)) {
      return errorPage(this.pages.look, visit, topic, errors.INTERNAL);
    }
    const isStale = error.getStatus() === 403 && error.errorCode === 'REQUEST_REFUSED';
    const sentence = isStale ? form.stale : sentenceFor(error, visit);
    return errorPage(this.pages.look, visit, topic, sentence);
  }

  /** The address where it goes on. */
  private stepAfter(error: HttpException, { visit, topic }: Asked): string | undefined {
    if (!(error instanceof ApiException) || !isStep(error)) return undefined;
    const { look } = this.pages;
    return error.errorCode === 'UNAUTHORIZED'
      ? addressOf(look, { ...visit, next: 'account' }, '/login')
      : `${addressOf(look, visit, '/account/confirm')}&topic=${topic}`;
  }
}
