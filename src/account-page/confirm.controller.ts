import { Body, Get, HttpCode, HttpStatus, Post, Query, Req, Res } from '@nestjs/common';
import { CredentialQueries } from '../auth/credential.queries';
import { CodeRequestDto } from '../auth/dto/code-request.dto';
import { StepUpDto } from '../auth/dto/step-up.dto';
import { CodeRequestService } from '../auth/methods/code-request.service';
import { StepUpService } from '../auth/step-up.service';
import { maskMobile } from '../common/phone-number';
import { Form, type FormFields } from '../contract/form.decorator';
import type { Reply } from '../contract/reply';
import type { HttpRequest } from '../contract/request';
import type { AskedCaptcha } from '../login-page/forms';
import { checked, deviceOf } from '../login-page/page-logins.service';
import { PagesService } from '../login-page/pages.service';
import { type Account, CurrentAccount, ownNumber, type Topic, TOPICS } from './account';
import { AccountController, VISIT } from './account-controller.decorator';
import { AccountRepliesService } from './account-replies.service';
import { confirmCodePage, confirmPage } from './pages/confirm';

/** What wants a code, also of whoever has a password. */
const BY_CODE: ReadonlySet<Topic> = new Set(['deletion', 'export']);

/** On the way to what only the owner may do: they prove a code, or the password, to the session that they have. */
@AccountController('account/confirm')
export class ConfirmController {
  constructor(
    private readonly codeRequests: CodeRequestService,
    private readonly credentials: CredentialQueries,
    private readonly pages: PagesService,
    private readonly replies: AccountRepliesService,
    private readonly stepUps: StepUpService,
  ) {}

  @Get()
  show(@CurrentAccount() account: Account, @Query() query: FormFields): Promise<string> {
    return this.shown(account, topicIn(query));
  }

  @Post('code')
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'topic', 'captcha')
  async sendCode(
    @CurrentAccount() account: Account,
    @Req() request: HttpRequest,
    @Body() fields: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { caller, visit } = account;
    const { captcha } = fields;
    const topic = topicIn(fields);
    const numberOf = async () => (await this.ownOf(account)).mobile;
    const act = async () => {
      const mobile = await numberOf();
      const body = { mobile, locale: visit.lang, captcha, device_token: deviceOf(request) };
      const asked = await checked(CodeRequestDto, body);
      const { challenge, resend_in: resendIn } = await this.codeRequests.send(asked, caller);
      const asks = { topic, mobile: maskMobile(mobile), takesPassword: false };
      return confirmCodePage(this.pages.look, visit, asks, { challenge, resendIn });
    };
    const again = (error: string, asked?: AskedCaptcha) => this.shown(account, topic, error, asked);
    return this.replies.attempt(request, reply, act, again, numberOf);
  }

  @Post()
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'topic', 'challenge', 'code', 'captcha')
  async byCode(
    @CurrentAccount() account: Account,
    @Req() request: HttpRequest,
    @Body() fields: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { challenge = '', code, captcha } = fields;
    const { principal, caller, visit } = account;
    const topic = topicIn(fields);
    const numberOf = async () => (await this.ownOf(account)).mobile;
    const act = async () => {
      const proof = { code, challenge, captcha, device_token: deviceOf(request) };
      await this.stepUps.stepUp(principal, await checked(StepUpDto, proof), caller);
      return this.replies.lead(reply, visit, topic);
    };
    const again = async (error: string, asked?: AskedCaptcha) => {
      const asks = await this.asks(account, topic);
      const tried = { error, captcha: asked, code };
      return confirmCodePage(this.pages.look, visit, asks, { challenge }, tried);
    };
    return this.replies.attempt(request, reply, act, again, numberOf);
  }

  @Post('password')
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'topic', 'password')
  async byPassword(
    @CurrentAccount() account: Account,
    @Req() request: HttpRequest,
    @Body() fields: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { principal, caller, visit } = account;
    const { password } = fields;
    const topic = topicIn(fields);
    const act = async () => {
      await this.stepUps.stepUp(principal, await checked(StepUpDto, { password }), caller);
      return this.replies.lead(reply, visit, topic);
    };
    return this.replies.attempt(request, reply, act, (error) => this.shown(account, topic, error));
  }

  private async shown(
    account: Account,
    topic: Topic,
    error?: string,
    captcha?: AskedCaptcha,
  ): Promise<string> {
    const asks = await this.asks(account, topic);
    return confirmPage(this.pages.look, account.visit, asks, error, captcha);
  }

  private async asks(account: Account, topic: Topic) {
    const { mobile, passwordHash } = await this.ownOf(account);
    const takesPassword = passwordHash !== null && !BY_CODE.has(topic);
    return { topic, mobile: maskMobile(mobile), takesPassword };
  }

  private async ownOf({ principal }: Account) {
    const own = await this.credentials.ofUser(principal.userId);
    return { passwordHash: own?.passwordHash ?? null, mobile: ownNumber(own?.mobile) };
  }
}

/** Anybody may have written it: what is none leads to the overview. */
const topicIn = ({ topic = '' }: FormFields): Topic =>
  Object.hasOwn(TOPICS, topic) ? (topic as Topic) : 'overview';
