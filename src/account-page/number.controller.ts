import { Body, Get, HttpCode, HttpStatus, Post, Req, Res } from '@nestjs/common';
import { ClientConfigService } from '../auth/client-config.service';
import { MessageRequestDto } from '../auth/dto/code-request.dto';
import { CodeProofDto } from '../auth/dto/code-proof.dto';
import { DELAY_MS } from '../auth/mobile-changes/change-times';
import { MobileChangeRequestsService } from '../auth/mobile-changes/mobile-change-requests.service';
import { MobileChangesService } from '../auth/mobile-changes/mobile-changes.service';
import { RecentLoginService } from '../auth/recent-login.service';
import { Form, type FormFields } from '../contract/form.decorator';
import type { Reply } from '../contract/reply';
import type { HttpRequest } from '../contract/request';
import { countriesIn } from '../login-page/countries';
import type { AskedCaptcha } from '../login-page/forms';
import { checked, PageLoginsService } from '../login-page/page-logins.service';
import { PagesService } from '../login-page/pages.service';
import { type Account, CurrentAccount } from './account';
import { AccountController, VISIT } from './account-controller.decorator';
import { AccountRepliesService } from './account-replies.service';
import { newNumberPage, provePage } from './pages/number';

/** Another number: asked for after a recent login, proved by the code that is sent there. */
@AccountController('account/number', 'number')
export class NumberPageController {
  constructor(
    private readonly changes: MobileChangesService,
    private readonly config: ClientConfigService,
    private readonly logins: PageLoginsService,
    private readonly pages: PagesService,
    private readonly recentLogins: RecentLoginService,
    private readonly replies: AccountRepliesService,
    private readonly requests: MobileChangeRequestsService,
  ) {}

  @Get()
  show(@CurrentAccount() account: Account): Promise<string> {
    return this.shown(account);
  }

  @Post('code')
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'mobile', 'country', 'captcha')
  async sendCode(
    @CurrentAccount() account: Account,
    @Req() request: HttpRequest,
    @Body() typed: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { principal, caller, visit } = account;
    const numberOf = () => this.logins.readMobile(typed.mobile ?? '', typed.country);
    const act = async () => {
      const [mobile, { captcha }] = [numberOf(), typed];
      const asked = await checked(MessageRequestDto, { mobile, locale: visit.lang, captcha });
      const { id, challenge } = await this.requests.request(principal, asked, caller);
      return provePage(this.pages.look, visit, { id, mobile, challenge });
    };
    const again = (error: string, captcha?: AskedCaptcha) =>
      this.shown(account, { typed, error, captcha });
    return this.replies.attempt(request, reply, act, again, numberOf);
  }

  @Post()
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'id', 'mobile', 'challenge', 'code', 'captcha')
  async prove(
    @CurrentAccount() { principal, caller, visit }: Account,
    @Req() request: HttpRequest,
    @Body() fields: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { id = '', mobile = '', challenge = '', code, captcha } = fields;
    const act = async () => {
      const proof = await checked(CodeProofDto, { code, challenge, captcha });
      await this.changes.prove(principal, id, proof, caller);
      return this.replies.saved(reply, visit);
    };
    const again = (error: string, asked?: AskedCaptcha) =>
      provePage(this.pages.look, visit, { id, mobile, challenge }, { error, captcha: asked, code });
    return this.replies.attempt(request, reply, act, again, () => mobile);
  }

  @Post('cancel')
  @HttpCode(HttpStatus.SEE_OTHER)
  @Form(...VISIT, 'id')
  async cancel(
    @CurrentAccount() { principal, caller, visit }: Account,
    @Body() fields: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { id = '' } = fields;
    await this.changes.cancel(principal, id, caller);
    return this.replies.saved(reply, visit);
  }

  private async shown(
    { principal, visit }: Account,
    tried: { typed?: FormFields; error?: string; captcha?: AskedCaptcha } = {},
  ): Promise<string> {
    const proof = await this.recentLogins.recentProof(principal);
    const delay = proof === 'code' ? 0 : DELAY_MS / 1000;
    const countries = countriesIn(this.config.config, visit.lang);
    return newNumberPage(this.pages.look, visit, { countries, delay, ...tried });
  }
}
