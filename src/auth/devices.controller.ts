import { Delete, Get, HttpCode, HttpStatus, Param, UseGuards } from '@nestjs/common';
import { ownChange } from '../audit/origin';
import { ApiException } from '../common/errors';
import { isId } from '../common/snowflake';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { CurrentUser, type Principal } from '../contract/current-user.decorator';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { DevicesService } from '../sessions/devices.service';
import { SessionsService } from '../sessions/sessions.service';
import { DeviceDto } from './dto/device.dto';
import { JwtAuthGuard } from './jwt-auth.guard';
import { RecentLoginService } from './recent-login.service';

@ApiTags('auth')
@ApiBearerAuth('access-token')
@ApiErrors('UNAUTHORIZED', 'REFRESH_TOKEN_NOT_ALLOWED', 'UNAVAILABLE')
@UseGuards(JwtAuthGuard)
@ApiController('auth/devices')
export class DevicesController {
  constructor(
    private readonly devices: DevicesService,
    private readonly recentLogins: RecentLoginService,
    private readonly sessions: SessionsService,
  ) {}

  @Operation(
    'The devices whose `device_token` counts for the caller, at most five, the one that logged in last first.',
    200,
    [DeviceDto],
  )
  @Get()
  async list(@CurrentUser() principal: Principal): Promise<DeviceDto[]> {
    const [devices, session] = await Promise.all([
      this.devices.list(principal.userId),
      this.sessions.findLive(principal),
    ]);
    return devices.map((device) => DeviceDto.of(device, session?.deviceId ?? null));
  }

  @Operation(
    "Makes the token of one of the caller's devices worthless, within ten minutes of a login or step-up. Sessions go on.",
    204,
  )
  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  // The router refuses what is longer than any id.
  @ApiErrors(
    'NOT_FOUND',
    'REFRESH_TOKEN_NOT_ALLOWED',
    'RECENT_LOGIN_REQUIRED',
    'PAYLOAD_TOO_LARGE',
    'REQUEST_REFUSED',
  )
  async end(
    @CurrentUser() principal: Principal,
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    if (!isId(id)) throw new ApiException('NOT_FOUND');
    await this.recentLogins.assertRecent(principal);
    await this.devices.endOwn(principal.userId, id, ownChange(principal.userId, caller));
  }
}
