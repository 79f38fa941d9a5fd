import { Body, Get, HttpCode, HttpStatus, Post, Req, Res } from '@nestjs/common';
import { ownChange } from '../audit/origin';
import { OwnChangesService } from '../auth/own-changes.service';
import type { Reply } from '../contract/reply';
import { Form, type FormFields } from '../contract/form.decorator';
import type { HttpRequest } from '../contract/request';
import { checked } from '../login-page/page-logins.service';
import { PagesService } from '../login-page/pages.service';
import { SessionsService } from '../sessions/sessions.service';
import { changesOf, UpdateMeDto } from '../users/update-me.dto';
import { type Account, CurrentAccount } from './account';
import { AccountController, VISIT } from './account-controller.decorator';
import { AccountRepliesService } from './account-replies.service';
import { OverviewsService } from './overviews.service';
import { overviewPage } from './pages/overview';

/** What people see of their account, what they are called, and the way out. */
@AccountController('account')
export class OverviewController {
  constructor(
    private readonly own: OwnChangesService,
    private readonly overviews: OverviewsService,
    private readonly pages: PagesService,
    private readonly replies: AccountRepliesService,
    private readonly sessions: SessionsService,
  ) {}

  @Get()
  async show(
    @CurrentAccount() account: Account,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const isSaved = this.replies.takeSaved(request, reply);
    return this.shown(account, isSaved);
  }

  @Post('name')
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'name')
  async rename(
    @CurrentAccount() account: Account,
    @Req() request: HttpRequest,
    @Body() fields: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { principal, caller, visit } = account;
    const { name } = fields;
    const act = async () => {
      const change = changesOf(await checked(UpdateMeDto, { name }));
      await this.own.updateProfile(principal, change, caller);
      return this.replies.saved(reply, visit);
    };
    return this.replies.attempt(request, reply, act, (error) => this.shown(account, false, error));
  }

  @Post('log-out')
  @HttpCode(HttpStatus.SEE_OTHER)
  @Form(...VISIT)
  async logOut(
    @CurrentAccount() { principal, caller, visit }: Account,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const by = ownChange(principal.userId, caller);
    await this.sessions.end(principal, { ...by, reason: 'logout' });
    this.replies.logOut(request, reply);
    reply.header('location', visit.returnTo);
    return '';
  }

  private async shown(account: Account, isSaved: boolean, error?: string): Promise<string> {
    const overview = await this.overviews.of(account.principal);
    return overviewPage(this.pages.look, account.visit, { ...overview, isSaved }, error);
  }
}
