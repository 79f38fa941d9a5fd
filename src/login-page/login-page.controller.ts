import { Body, Get, HttpCode, HttpStatus, Post, Query, Req, Res } from '@nestjs/common';
import { ClientConfigService } from '../auth/client-config.service';
import { Public } from '../auth/public.decorator';
import type { ApiException } from '../common/errors';
import { ApiController } from '../contract/api-controller.decorator';
import { Form, type FormFields } from '../contract/form.decorator';
import type { Reply } from '../contract/reply';
import type { HttpRequest } from '../contract/request';
import { questionIn, questionPage } from './claims/claim-pages';
import { countriesIn } from './countries';
import type { Step, Tried } from './forms';
import type { Look } from './layout';
import { PageCaptchasService } from './page-captchas.service';
import { PageLoginsService } from './page-logins.service';
import { codePage, numberPage, type Sent } from './pages';
import { PagesService, type Posted } from './pages.service';
import { VISIT, type Visit } from './visit';
import type { OpenVisit } from './visits.service';

type Show = (tried: Tried) => string;

/** A form that was sent, and where it stood if it may want a captcha. */
interface Typed extends Posted {
  readonly typed: FormFields;
  readonly step?: Step;
}

/** The pages on which people log in by a code where an application sends them. They work without JavaScript. */
@Public()
@ApiController('login')
export class LoginPageController {
  private readonly look: Look;

  constructor(
    private readonly captchas: PageCaptchasService,
    private readonly config: ClientConfigService,
    private readonly logins: PageLoginsService,
    private readonly pages: PagesService,
  ) {
    this.look = pages.look;
  }

  @Get()
  askNumber(
    @Req() request: HttpRequest,
    @Query() query: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const visit = this.open(request, query, reply);
    return visit.isKnown ? this.numberPage(visit) : this.pages.refuseLink(visit, reply);
  }

  @Post('code')
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'mobile', 'country', 'captcha', 'challenge', 'resend_at')
  async sendCode(
    @Req() request: HttpRequest,
    @Body() typed: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const visit = this.open(request, typed, reply);
    const step = typed.challenge === undefined ? 'number' : 'resend';
    const again: Show = (tried) =>
      step === 'resend'
        ? codePage(this.look, visit, sentIn(typed), tried)
        : this.numberPage(visit, { ...tried, typed });
    return this.attempt({ request, visit, reply, typed, step }, again, async () =>
      codePage(this.look, visit, await this.logins.sendCode(request, visit, typed)),
    );
  }

  /** The page for the code in another language: what it says of the login is in no address. */
  @Post('language')
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'mobile', 'challenge', 'resend_at')
  async changeLanguage(
    @Req() request: HttpRequest,
    @Body() typed: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const visit = this.open(request, typed, reply);
    const again: Show = (tried) => codePage(this.look, visit, sentIn(typed), tried);
    return this.attempt({ request, visit, reply, typed }, again, async () => again({}));
  }

  @Post()
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'mobile', 'challenge', 'code', 'captcha', 'resend_at', 'terms_version')
  async logInWithCode(
    @Req() request: HttpRequest,
    @Body() typed: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const visit = this.open(request, typed, reply);
    const again: Show = (tried) => codePage(this.look, visit, sentIn(typed), { ...tried, typed });
    return this.attempt({ request, visit, reply, typed, step: 'code' }, again, async () =>
      this.pages.leadBack(visit, reply, await this.logins.byCode(request, visit, typed)),
    );
  }

  private open(request: HttpRequest, given: FormFields, reply: Reply): OpenVisit {
    return this.pages.open(request, given, reply);
  }

  /** Shows the form again where something is wrong with it, or refused. */
  private attempt(posted: Typed, again: Show, act: () => Promise<string>): Promise<string> {
    return this.pages.attempt(
      posted,
      act,
      (error) => again({ error }),
      (error) => this.refuse(error, posted, again),
    );
  }

  private async refuse(error: ApiException, posted: Typed, again: Show): Promise<string> {
    const { request, visit, reply } = posted;
    const captcha = await this.captchaFor(error, posted);
    const sentence = this.pages.refuse(request, reply, error, visit, captcha);
    const question = questionIn(error);
    return question
      ? questionPage(this.look, visit, question)
      : again({ error: sentence, captcha });
  }

  private async captchaFor(
    error: ApiException,
    { request, typed, step }: Typed,
  ): Promise<Tried['captcha']> {
    const numberOf = () => this.logins.readMobile(typed.mobile ?? '', typed.country);
    const asked = await this.captchas.askedBy(error, request, numberOf);
    return asked && step && { ...asked, step };
  }

  private numberPage(visit: Visit, tried?: Parameters<typeof numberPage>[3]): string {
    return numberPage(this.look, visit, countriesIn(this.config.config, visit.lang), tried);
  }
}

function sentIn({ mobile = '', challenge = '', resend_at: resendAt }: FormFields): Sent {
  return { mobile, challenge, resendAt: Number(resendAt) };
}
