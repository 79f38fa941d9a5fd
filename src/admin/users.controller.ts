import { Body, Delete, Get, HttpCode, HttpStatus, Param, Post, Put } from '@nestjs/common';
import { DeletionService } from '../auth/deletion/deletion.service';
import { DeletionDto } from '../auth/dto/deletion.dto';
import { MobileChangeDto } from '../auth/dto/mobile-change.dto';
import { OrderedChangesService } from '../auth/mobile-changes/ordered-changes.service';
import { UserOperationsService } from '../auth/user-operations.service';
import { UserRolesService } from '../auth/user-roles.service';
import { LimiterService } from '../codes/limiter.service';
import { ApiException } from '../common/errors';
import { parseMobile } from '../common/phone-number';
import { Env } from '../config/env';
import { ApiErrors, BODY_ERRORS, limited } from '../contract/api-errors.decorator';
import { Operation } from '../contract/docs';
import { AdminController, For } from './admin-controller.decorator';
import {
  MobileOrderDto,
  ReasonDto,
  RevealedDto,
  RolesDto,
  RolesOfUserDto,
  UserDetailsDto,
} from './dto/user.dto';
import { assertId } from './id';
import { CurrentOperator, type Operator } from './operator';
import { UserViewService } from './user-view.service';

/** What operators see of users, and do to them. Only admins act on users with roles. */
@AdminController('users/:id')
// The router refuses what is longer than any id.
@ApiErrors('NOT_FOUND', 'REQUEST_REFUSED')
export class AdminUsersController {
  constructor(
    private readonly deletions: DeletionService,
    private readonly env: Env,
    private readonly limiter: LimiterService,
    private readonly operations: UserOperationsService,
    private readonly orders: OrderedChangesService,
    private readonly roles: UserRolesService,
    private readonly views: UserViewService,
  ) {}

  @Operation(
    'A user with profile, sessions, devices, limits and the last messages.',
    200,
    UserDetailsDto,
  )
  @Get()
  @For('viewer')
  async read(@Param('id') id: string): Promise<UserDetailsDto> {
    assertId(id);
    return this.views.detailsOf(id);
  }

  @Operation('The number of a user. The reason is on record.', 200, RevealedDto)
  @Post('reveal')
  @HttpCode(HttpStatus.OK)
  @For('support')
  @ApiErrors('REQUEST_REFUSED', ...BODY_ERRORS, limited('account', 'numbers revealed'))
  async reveal(
    @Param('id') id: string,
    @Body() { reason }: ReasonDto,
    @CurrentOperator() operator: Operator,
  ): Promise<RevealedDto> {
    assertId(id);
    await this.limiter.take({ 'reveals-per-operator': operator.userId });
    return { mobile: await this.operations.reveal(id, { ...operator, reason }) };
  }

  @Operation('Shuts a user out: their sessions end on every node within a second.', 204)
  @Post('disable')
  @HttpCode(HttpStatus.NO_CONTENT)
  @For('support')
  @ApiErrors('REQUEST_REFUSED', ...BODY_ERRORS, 'LAST_ADMIN')
  async disable(
    @Param('id') id: string,
    @Body() { reason }: ReasonDto,
    @CurrentOperator() operator: Operator,
  ): Promise<void> {
    assertId(id);
    await this.operations.disable(id, { ...operator, reason });
  }

  @Operation('Lets a user log in again.', 204)
  @Post('enable')
  @HttpCode(HttpStatus.NO_CONTENT)
  @For('support')
  @ApiErrors('REQUEST_REFUSED', ...BODY_ERRORS)
  async enable(
    @Param('id') id: string,
    @Body() { reason }: ReasonDto,
    @CurrentOperator() operator: Operator,
  ): Promise<void> {
    assertId(id);
    await this.operations.enable(id, { ...operator, reason });
  }

  @Operation(
    'Ends all sessions of a user at once, and erases them after `DELETION_GRACE`. Until then they may log in and cancel it, unless they are disabled.',
    202,
    DeletionDto,
  )
  @Delete()
  @HttpCode(HttpStatus.ACCEPTED)
  @For('admin', 'recently proved')
  @ApiErrors('REQUEST_REFUSED', ...BODY_ERRORS, 'LAST_ADMIN')
  async delete(
    @Param('id') id: string,
    @Body() { reason }: ReasonDto,
    @CurrentOperator() operator: Operator,
  ): Promise<DeletionDto> {
    assertId(id);
    return { delete_at: await this.deletions.request(id, { ...operator, reason }) };
  }

  @Operation('Keeps a user who was to be erased.', 204)
  @Delete('deletion')
  @HttpCode(HttpStatus.NO_CONTENT)
  @For('admin', 'recently proved')
  @ApiErrors('PAYLOAD_TOO_LARGE')
  async keep(
    @Param('id') id: string,
    @CurrentOperator() { actor, origin }: Operator,
  ): Promise<void> {
    assertId(id);
    if (!(await this.deletions.cancel(id, { actor, origin }))) throw new ApiException('NOT_FOUND');
  }

  @Operation(
    'Gives a user another number, in place of a change that is under way. It is kept for a week, and moves when its holder logs in with it; the number before is kept for a week then.',
    202,
    MobileChangeDto,
  )
  @Put('mobile')
  @HttpCode(HttpStatus.ACCEPTED)
  @For('admin', 'recently proved')
  @ApiErrors('REQUEST_REFUSED', ...BODY_ERRORS, 'COUNTRY_NOT_SERVED', 'MOBILE_TAKEN')
  async setMobile(
    @Param('id') id: string,
    @Body() { mobile, reason }: MobileOrderDto,
    @CurrentOperator() operator: Operator,
  ): Promise<MobileChangeDto> {
    assertId(id);
    const number = parseMobile(mobile, this.env.SMS_COUNTRIES);
    return MobileChangeDto.of(await this.orders.order(id, number, { ...operator, reason }));
  }

  @Operation('Ends all sessions and devices of a user.', 204)
  @Delete('sessions')
  @HttpCode(HttpStatus.NO_CONTENT)
  @For('support')
  @ApiErrors('PAYLOAD_TOO_LARGE')
  async endSessions(@Param('id') id: string, @CurrentOperator() operator: Operator): Promise<void> {
    assertId(id);
    await this.operations.endSessions(id, operator);
  }

  @Operation('Ends one session of a user.', 204)
  @Delete('sessions/:session')
  @HttpCode(HttpStatus.NO_CONTENT)
  @For('support')
  @ApiErrors('PAYLOAD_TOO_LARGE')
  async endSession(
    @Param('id') id: string,
    @Param('session') session: string,
    @CurrentOperator() operator: Operator,
  ): Promise<void> {
    assertId(id);
    assertId(session);
    await this.operations.endSession(id, session, operator);
  }

  @Operation(
    'Gives a user these roles and no others, and ends their sessions.',
    200,
    RolesOfUserDto,
  )
  @Put('roles')
  @For('admin', 'recently proved')
  @ApiErrors('REQUEST_REFUSED', ...BODY_ERRORS, 'LAST_ADMIN')
  async setRoles(
    @Param('id') id: string,
    @Body() { roles, reason }: RolesDto,
    @CurrentOperator() operator: Operator,
  ): Promise<RolesOfUserDto> {
    assertId(id);
    const [, after] = await this.roles.change(id, () => roles, { ...operator, reason });
    return { roles: after };
  }
}
