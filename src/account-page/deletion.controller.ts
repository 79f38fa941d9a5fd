import { Body, Get, HttpCode, HttpStatus, Post, Req, Res } from '@nestjs/common';
import { DeletionCodesService } from '../auth/deletion/deletion-codes.service';
import { DeletionService } from '../auth/deletion/deletion.service';
import { DeletionCodeDto, DeletionProofDto } from '../auth/dto/deletion.dto';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { maskMobile } from '../common/phone-number';
import { Env } from '../config/env';
import { Form, type FormFields } from '../contract/form.decorator';
import type { Reply } from '../contract/reply';
import type { HttpRequest } from '../contract/request';
import type { AskedCaptcha } from '../login-page/forms';
import { checked, deviceOf } from '../login-page/page-logins.service';
import { PagesService } from '../login-page/pages.service';
import { timeAt } from '../login-page/times';
import { UsersService } from '../users/users.service';
import { type Account, CurrentAccount, ownNumber } from './account';
import { AccountController, VISIT } from './account-controller.decorator';
import { AccountRepliesService } from './account-replies.service';
import { deletedPage, deletionCodePage, deletionPage, type TriedDeletion } from './pages/deletion';

/** Deleting the account, which takes a tick and a code whose message says so; and keeping it. */
@AccountController('account/deletion', 'deletion')
export class DeletionPageController {
  constructor(
    private readonly clock: Clock,
    private readonly codes: DeletionCodesService,
    private readonly deletions: DeletionService,
    private readonly env: Env,
    private readonly pages: PagesService,
    private readonly replies: AccountRepliesService,
    private readonly users: UsersService,
  ) {}

  @Get()
  show(@CurrentAccount() account: Account): Promise<string> {
    return this.shown(account);
  }

  @Post('code')
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'sure', 'captcha')
  async sendCode(
    @CurrentAccount() account: Account,
    @Req() request: HttpRequest,
    @Body() fields: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { principal, caller, visit } = account;
    const { sure, captcha } = fields;
    const act = async () => {
      if (sure !== 'yes') throw new ApiException('VALIDATION_FAILED');
      const body = { locale: visit.lang, captcha, device_token: deviceOf(request) };
      const asked = await checked(DeletionCodeDto, body);
      const { challenge, resend_in: resendIn } = await this.codes.send(principal, asked, caller);
      const mobile = await this.maskedOf(account);
      return deletionCodePage(this.pages.look, visit, { mobile, challenge, resendIn });
    };
    const again = (error: string, asked?: AskedCaptcha) =>
      this.shown(account, { error, captcha: asked, isSure: sure === 'yes' });
    const numberOf = async () => (await this.holderOf(account)).mobile;
    return this.replies.attempt(request, reply, act, again, numberOf);
  }

  @Post()
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'challenge', 'code', 'captcha')
  async delete(
    @CurrentAccount() account: Account,
    @Req() request: HttpRequest,
    @Body() fields: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { principal, caller, visit } = account;
    const { challenge = '', code, captcha } = fields;
    const numberOf = async () => (await this.holderOf(account)).mobile;
    const act = async () => {
      const proof = { code, challenge, captcha, device_token: deviceOf(request) };
      const { timeZone } = await this.holderOf(account);
      const at = await this.codes.prove(principal, await checked(DeletionProofDto, proof), caller);
      this.replies.logOut(request, reply);
      const isLater = at.getTime() > this.clock.now();
      return deletedPage(this.pages.look, visit, isLater ? timeAt(at, visit, timeZone) : undefined);
    };
    const again = async (error: string, asked?: AskedCaptcha) => {
      const [mobile, tried] = [await this.maskedOf(account), { error, captcha: asked, code }];
      return deletionCodePage(this.pages.look, visit, { mobile, challenge }, tried);
    };
    return this.replies.attempt(request, reply, act, again, numberOf);
  }

  @Post('cancel')
  @HttpCode(HttpStatus.SEE_OTHER)
  @Form(...VISIT)
  async cancel(
    @CurrentAccount() { principal, caller, visit }: Account,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    await this.deletions.cancelOwn(principal, caller);
    return this.replies.saved(reply, visit);
  }

  private async shown(account: Account, tried: TriedDeletion = {}): Promise<string> {
    const { visit } = account;
    const { mobile, deletionAt, timeZone } = await this.holderOf(account);
    const timeOf = (at: Date) => timeAt(at, visit, timeZone);
    const at = new Date(this.clock.now() + this.env.DELETION_GRACE * 1000);
    return deletionPage(this.pages.look, visit, {
      mobile: maskMobile(mobile),
      at: this.env.DELETION_GRACE > 0 ? timeOf(at) : undefined,
      pending: deletionAt ? timeOf(deletionAt) : undefined,
      ...tried,
    });
  }

  private async maskedOf(account: Account): Promise<string> {
    return maskMobile((await this.holderOf(account)).mobile);
  }

  private async holderOf({ principal }: Account) {
    const [{ mobile, deletionAt }, { timeZone }] = await this.users.findWithProfile(
      principal.userId,
    );
    return { mobile: ownNumber(mobile), deletionAt, timeZone };
  }
}
