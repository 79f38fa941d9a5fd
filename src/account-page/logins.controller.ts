import { Body, HttpCode, HttpStatus, Post, Res } from '@nestjs/common';
import { ownChange } from '../audit/origin';
import { OwnChangesService } from '../auth/own-changes.service';
import { RecentLoginService } from '../auth/recent-login.service';
import { ApiException } from '../common/errors';
import { isId } from '../common/snowflake';
import { Form } from '../contract/form.decorator';
import type { Reply } from '../contract/reply';
import { DevicesService } from '../sessions/devices.service';
import { SessionsService } from '../sessions/sessions.service';
import { NoticesService } from '../users/notices/notices.service';
import { type Account, CurrentAccount } from './account';
import { AccountController, VISIT } from './account-controller.decorator';
import { AccountRepliesService } from './account-replies.service';

/** The buttons beside sessions, devices and notices: each does what its route of the API does. */
@AccountController('account')
export class LoginsController {
  constructor(
    private readonly devices: DevicesService,
    private readonly notices: NoticesService,
    private readonly own: OwnChangesService,
    private readonly recentLogins: RecentLoginService,
    private readonly replies: AccountRepliesService,
    private readonly sessions: SessionsService,
  ) {}

  @Post('sessions/end')
  @HttpCode(HttpStatus.SEE_OTHER)
  @Form(...VISIT, 'id')
  async endSession(
    @CurrentAccount() { principal: { userId }, caller, visit }: Account,
    @Body() fields: object,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const by = ownChange(userId, caller);
    await this.sessions.endOwn(userId, idIn(fields), { ...by, reason: 'revoked' });
    return this.replies.saved(reply, visit);
  }

  @Post('sessions/end-others')
  @HttpCode(HttpStatus.SEE_OTHER)
  @Form(...VISIT)
  async endOtherSessions(
    @CurrentAccount() { principal, caller, visit }: Account,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    await this.own.endOtherSessions(principal, caller);
    return this.replies.saved(reply, visit);
  }

  @Post('devices/end')
  @HttpCode(HttpStatus.SEE_OTHER)
  @Form(...VISIT, 'id')
  async endDevice(
    @CurrentAccount() { principal, caller, visit }: Account,
    @Body() fields: object,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const { userId } = principal;
    const id = idIn(fields);
    await this.recentLogins.assertRecent(principal);
    await this.devices.endOwn(userId, id, ownChange(userId, caller));
    return this.replies.saved(reply, visit);
  }

  @Post('notices/acknowledge')
  @HttpCode(HttpStatus.SEE_OTHER)
  @Form(...VISIT, 'id')
  async acknowledge(
    @CurrentAccount() { principal: { userId }, caller, visit }: Account,
    @Body() fields: object,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const by = ownChange(userId, caller);
    if (!(await this.notices.acknowledge(userId, idIn(fields), by))) {
      throw new ApiException('NOT_FOUND');
    }
    return this.replies.saved(reply, visit);
  }
}

/** @throws ApiException `NOT_FOUND` for what is no id. */
function idIn(fields: object): string {
  const { id = '' } = fields as { id?: string };
  if (!isId(id)) throw new ApiException('NOT_FOUND');
  return id;
}
