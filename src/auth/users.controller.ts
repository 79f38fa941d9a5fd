import { Body, Get, Patch, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { CurrentUser, type Principal } from '../contract/current-user.decorator';
import { MeDto } from './dto/me.dto';
import { changesOf, UpdateMeDto } from '../users/update-me.dto';
import { NoticesService } from '../users/notices/notices.service';
import { UsersService } from '../users/users.service';
import { JwtAuthGuard } from './jwt-auth.guard';
import { OwnChangesService } from './own-changes.service';

@ApiTags('users')
@ApiBearerAuth('access-token')
@ApiErrors('UNAUTHORIZED', 'REFRESH_TOKEN_NOT_ALLOWED', 'UNAVAILABLE')
@UseGuards(JwtAuthGuard)
@ApiController('users/me')
export class UsersController {
  constructor(
    private readonly notices: NoticesService,
    private readonly own: OwnChangesService,
    private readonly users: UsersService,
  ) {}

  @Operation('The caller with their profile.', 200, MeDto)
  @Get()
  async me(@CurrentUser() { userId }: Principal): Promise<MeDto> {
    return this.shown(userId);
  }

  @Operation('Changes what is given, clears what is null.', 200, MeDto)
  @Patch()
  @ApiErrors(...BODY_ERRORS)
  async update(
    @CurrentUser() principal: Principal,
    @Body() changes: UpdateMeDto,
    @CurrentCaller() caller: Caller,
  ): Promise<MeDto> {
    await this.own.updateProfile(principal, changesOf(changes), caller);
    return this.shown(principal.userId);
  }

  private async shown(userId: string): Promise<MeDto> {
    const [[user, profile], notices] = await Promise.all([
      this.users.findWithProfile(userId),
      this.notices.list(userId),
    ]);
    return MeDto.of(user, profile, notices);
  }
}
