import { Body, Get, HttpCode, HttpStatus, Post, Req, Res } from '@nestjs/common';
import { DeletionService } from '../auth/deletion/deletion.service';
import { RecentLoginService } from '../auth/recent-login.service';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { Form } from '../contract/form.decorator';
import type { Reply } from '../contract/reply';
import type { HttpRequest } from '../contract/request';
import { PagesService } from '../login-page/pages.service';
import { UsersService } from '../users/users.service';
import { type Account, CurrentAccount } from './account';
import { AccountController, VISIT } from './account-controller.decorator';
import { AccountRepliesService } from './account-replies.service';
import { deletedPage, deletionPage } from './pages/data';
import { timeAt } from '../login-page/times';

/** Deleting the account, which takes a code, a tick and a button; and keeping it. */
@AccountController('account/deletion', 'deletion')
export class DeletionPageController {
  constructor(
    private readonly clock: Clock,
    private readonly deletions: DeletionService,
    private readonly env: Env,
    private readonly pages: PagesService,
    private readonly recentLogins: RecentLoginService,
    private readonly replies: AccountRepliesService,
    private readonly users: UsersService,
  ) {}

  @Get()
  show(@CurrentAccount() account: Account): Promise<string> {
    return this.shown(account);
  }

  @Post()
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT, 'sure')
  async delete(
    @CurrentAccount() account: Account,
    @Req() request: HttpRequest,
    @Body() fields: object,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { principal, caller, visit } = account;
    const act = async () => {
      if ((fields as { sure?: string }).sure !== 'yes') throw new ApiException('VALIDATION_FAILED');
      const timeZone = await this.timeZoneOf(account);
      const at = await this.deletions.requestOwn(principal, caller);
      this.replies.logOut(request, reply);
      return deletedPage(
        this.pages.look,
        visit,
        this.isLater(at) ? timeAt(at, visit, timeZone) : undefined,
      );
    };
    return this.replies.attempt(request, reply, act, (error) => this.shown(account, error));
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

  /** @throws ApiException `RECENT_CODE_REQUIRED`: on the way here, not once everything is decided. */
  private async shown(account: Account, error?: string): Promise<string> {
    const { principal, visit } = account;
    await this.recentLogins.assertRecentCode(principal);
    const [user, profile] = await this.users.findWithProfile(principal.userId);
    const timeOf = (at: Date) => timeAt(at, visit, profile.timeZone);
    const at = new Date(this.clock.now() + this.env.DELETION_GRACE * 1000);
    return deletionPage(this.pages.look, visit, {
      at: this.env.DELETION_GRACE > 0 ? timeOf(at) : undefined,
      pending: user.deletionAt ? timeOf(user.deletionAt) : undefined,
      error,
    });
  }

  private async timeZoneOf({ principal }: Account): Promise<string | null> {
    const [, { timeZone }] = await this.users.findWithProfile(principal.userId);
    return timeZone;
  }

  private isLater(at: Date): boolean {
    return at.getTime() > this.clock.now();
  }
}
