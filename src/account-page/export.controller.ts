import { Get, HttpCode, HttpStatus, Post, Req, Res } from '@nestjs/common';
import { UserExportService } from '../auth/deletion/user-export.service';
import { RecentLoginService } from '../auth/recent-login.service';
import { Form } from '../contract/form.decorator';
import type { Reply } from '../contract/reply';
import type { HttpRequest } from '../contract/request';
import { PagesService } from '../login-page/pages.service';
import { type Account, CurrentAccount } from './account';
import { AccountController, VISIT } from './account-controller.decorator';
import { AccountRepliesService } from './account-replies.service';
import { exportPage } from './pages/data';

/** Everything that is stored about somebody, as a file. */
@AccountController('account/export', 'export')
export class ExportController {
  constructor(
    private readonly exports: UserExportService,
    private readonly pages: PagesService,
    private readonly recentLogins: RecentLoginService,
    private readonly replies: AccountRepliesService,
  ) {}

  @Get()
  async show(@CurrentAccount() { principal, visit }: Account): Promise<string> {
    await this.recentLogins.assertRecentCode(principal);
    return exportPage(this.pages.look, visit);
  }

  @Post()
  @HttpCode(HttpStatus.OK)
  @Form(...VISIT)
  async download(
    @CurrentAccount() { principal, visit }: Account,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const act = async () => {
      const data = await this.exports.export(principal);
      reply.header('content-type', 'application/json; charset=utf-8');
      reply.header('content-disposition', 'attachment; filename="account.json"');
      return JSON.stringify(data, null, 2);
    };
    return this.replies.attempt(request, reply, act, (error) =>
      exportPage(this.pages.look, visit, error),
    );
  }
}
