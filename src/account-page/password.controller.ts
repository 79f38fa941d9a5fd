import { Body, Get, HttpCode, HttpStatus, Post, Req, Res } from '@nestjs/common';
import { CredentialQueries } from '../auth/credential.queries';
import { SetPasswordDto } from '../auth/dto/password-login.dto';
import { PasswordChangeService } from '../auth/password-change.service';
import { RecentLoginService } from '../auth/recent-login.service';
import { ApiException } from '../common/errors';
import { Form, type FormFields } from '../contract/form.decorator';
import type { Reply } from '../contract/reply';
import type { HttpRequest } from '../contract/request';
import { checked } from '../login-page/page-logins.service';
import { PagesService } from '../login-page/pages.service';
import { UsersService } from '../users/users.service';
import { type Account, CurrentAccount } from './account';
import { AccountController, VISIT } from './account-controller.decorator';
import { AccountRepliesService } from './account-replies.service';
import { passwordPage } from './pages/password';

/** Setting, changing and removing the password: after a recent login, or by the password until now. */
@AccountController('account/password', 'password')
export class PasswordPageController {
  constructor(
    private readonly credentials: CredentialQueries,
    private readonly pages: PagesService,
    private readonly passwords: PasswordChangeService,
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
  @Form(...VISIT, 'username', 'password', 'current_password')
  async set(
    @CurrentAccount() account: Account,
    @Req() request: HttpRequest,
    @Body() fields: FormFields,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { principal, caller, visit } = account;
    const { username, password, current_password } = withoutEmpty(fields);
    const act = async () => {
      const typed = { username, password, current_password };
      await this.passwords.setPassword(principal, await checked(SetPasswordDto, typed), caller);
      return this.replies.saved(reply, visit);
    };
    return this.replies.attempt(request, reply, act, (error) => this.shown(account, error));
  }

  @Post('remove')
  @HttpCode(HttpStatus.SEE_OTHER)
  @Form(...VISIT)
  async remove(
    @CurrentAccount() { principal, caller, visit }: Account,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    await this.passwords.removePassword(principal, caller);
    return this.replies.saved(reply, visit);
  }

  /** @throws ApiException `RECENT_LOGIN_REQUIRED` where there is no password to show instead. */
  private async shown({ principal, visit }: Account, error?: string): Promise<string> {
    const { userId } = principal;
    const [own, user] = await Promise.all([
      this.credentials.ofUser(userId),
      this.users.findById(userId),
    ]);
    const hasPassword = own?.passwordHash != null;
    const isRecent = await this.recentLogins.isRecent(principal);
    const hasRoles = own !== null && own.roles.length > 0;
    if (!isRecent && (!hasPassword || hasRoles)) throw new ApiException('RECENT_LOGIN_REQUIRED');
    const asksCurrent = hasPassword && (!isRecent || hasRoles);
    const username = user?.username ?? null;
    return passwordPage(this.pages.look, visit, { hasPassword, asksCurrent, username }, error);
  }
}

/** Inputs that were left empty are sent all the same. */
function withoutEmpty(fields: object): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}
