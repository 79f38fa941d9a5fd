import { Delete, HttpCode, HttpStatus, Param, UseGuards } from '@nestjs/common';
import { ownChange } from '../audit/origin';
import { ApiException } from '../common/errors';
import { isId } from '../common/snowflake';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { CurrentUser, type Principal } from '../contract/current-user.decorator';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { NoticesService } from '../users/notices/notices.service';
import { JwtAuthGuard } from './jwt-auth.guard';

@ApiTags('users')
@ApiBearerAuth('access-token')
@ApiErrors('UNAUTHORIZED', 'REFRESH_TOKEN_NOT_ALLOWED', 'UNAVAILABLE')
@UseGuards(JwtAuthGuard)
@ApiController('users/me/security-notices')
export class NoticesController {
  constructor(private readonly notices: NoticesService) {}

  @Operation(
    'The user knows of it: `GET /users/me` shows it no more. Who said so stays in the audit.',
    204,
  )
  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  // The router refuses what is longer than any id.
  @ApiErrors('NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'REQUEST_REFUSED')
  async acknowledge(
    @CurrentUser() { userId }: Principal,
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    const by = ownChange(userId, caller);
    const isDone = isId(id) && (await this.notices.acknowledge(userId, id, by));
    if (!isDone) throw new ApiException('NOT_FOUND');
  }
}
