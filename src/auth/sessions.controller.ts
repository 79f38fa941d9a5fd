import { Delete, Get, HttpCode, HttpStatus, Param, Query, UseGuards } from '@nestjs/common';
import { ownChange } from '../audit/origin';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, malformed } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { CurrentUser, type Principal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { isId } from '../common/snowflake';
import { SessionsService } from '../sessions/sessions.service';
import { ListSessionsDto, SessionDto } from './dto/session.dto';
import { JwtAuthGuard } from './jwt-auth.guard';
import { OwnChangesService } from './own-changes.service';

@ApiTags('auth')
@ApiBearerAuth('access-token')
@ApiErrors('UNAUTHORIZED', 'REFRESH_TOKEN_NOT_ALLOWED', 'UNAVAILABLE')
@UseGuards(JwtAuthGuard)
@ApiController('auth/sessions')
export class SessionsController {
  constructor(
    private readonly own: OwnChangesService,
    private readonly sessions: SessionsService,
  ) {}

  @Operation(
    "The caller's live sessions, newest first; with `ended=true` those that ended, and why.",
    200,
    [SessionDto],
  )
  @Get()
  @ApiErrors(malformed('ended must be one of the following values: true, false'))
  async list(
    @CurrentUser() { userId, sessionId }: Principal,
    @Query() { ended }: ListSessionsDto,
  ): Promise<SessionDto[]> {
    const sessions =
      ended === 'true'
        ? await this.sessions.listEnded(userId)
        : await this.sessions.listLive(userId);
    return sessions.map((session) =>
      SessionDto.of(session, this.sessions.shownTimesOf(session), sessionId),
    );
  }

  @Operation("Ends one of the caller's sessions.", 204)
  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  // The router refuses what is longer than any id.
  @ApiErrors('NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'REQUEST_REFUSED')
  async end(
    @CurrentUser() { userId }: Principal,
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    if (!isId(id)) throw new ApiException('NOT_FOUND');
    await this.sessions.endOwn(userId, id, { ...ownChange(userId, caller), reason: 'revoked' });
  }

  @Operation(
    "Ends all of the caller's sessions but this one, and makes the tokens of all devices but this one worthless.",
    204,
  )
  @Delete()
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiErrors('PAYLOAD_TOO_LARGE')
  async endOthers(
    @CurrentUser() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.own.endOtherSessions(principal, caller);
  }
}
