import {
  Body,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Post,
  Put,
  UseGuards,
} from '@nestjs/common';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS, limited } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { CurrentUser, type Principal } from '../contract/current-user.decorator';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { CodeProofDto } from './dto/code-proof.dto';
import { MessageRequestDto } from './dto/code-request.dto';
import { MobileChangeDto, MobileChangeSentDto, PasswordProofDto } from './dto/mobile-change.dto';
import { JwtAuthGuard } from './jwt-auth.guard';
import { MobileChangeRequestsService } from './mobile-changes/mobile-change-requests.service';
import { MobileChangesService } from './mobile-changes/mobile-changes.service';
import { NumberClaimsService } from './mobile-changes/number-claims.service';

/** Users who take another number: docs/accounts.md says who may do what, and when. */
@ApiTags('users')
@ApiBearerAuth('access-token')
@ApiErrors('UNAUTHORIZED', 'REFRESH_TOKEN_NOT_ALLOWED', 'UNAVAILABLE')
@UseGuards(JwtAuthGuard)
@ApiController('users/me/mobile-changes')
export class MobileChangesController {
  constructor(
    private readonly changes: MobileChangesService,
    private readonly claims: NumberClaimsService,
    private readonly requests: MobileChangeRequestsService,
  ) {}

  @Operation('The change that is not over, if there is one.', 200, [MobileChangeDto])
  @Get()
  async list(@CurrentUser() { userId }: Principal): Promise<MobileChangeDto[]> {
    const change = await this.changes.findActive(userId);
    return change ? [MobileChangeDto.of(change)] : [];
  }

  @Operation(
    'Sends a code to the new number. Wants a login or step-up of the last ten minutes: by a code the number changes with the proof, by a password 72 hours later.',
    202,
    MobileChangeSentDto,
  )
  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiErrors(
    ...BODY_ERRORS,
    'COUNTRY_NOT_SERVED',
    'NUMBER_UNREACHABLE',
    'REFRESH_TOKEN_NOT_ALLOWED',
    'RECENT_LOGIN_REQUIRED',
    'FORBIDDEN',
    'MOBILE_CHANGE_ACTIVE',
    'CAPTCHA_REQUIRED',
    limited('account', 'changes of number'),
    'SMS_BUDGET_SPENT',
    'SMS_PAUSED',
    'UNAVAILABLE',
  )
  async request(
    @CurrentUser() principal: Principal,
    @Body() request: MessageRequestDto,
    @CurrentCaller() caller: Caller,
  ): Promise<MobileChangeSentDto> {
    return this.requests.request(principal, request, caller);
  }

  @Operation(
    'Proves the new number, in the session that asked, by the code that was sent for this change: one of a login does not do. Done again, it answers what became of it.',
    200,
    MobileChangeDto,
  )
  @Put(':id')
  @ApiErrors(
    'REQUEST_REFUSED',
    ...BODY_ERRORS,
    'INVALID_CODE',
    'NOT_FOUND',
    'MOBILE_TAKEN',
    'CAPTCHA_REQUIRED',
    limited('number', 'wrong codes for this number'),
  )
  async prove(
    @CurrentUser() principal: Principal,
    @Param('id') id: string,
    @Body() proof: CodeProofDto,
    @CurrentCaller() caller: Caller,
  ): Promise<MobileChangeDto> {
    return MobileChangeDto.of(await this.changes.prove(principal, id, proof, caller));
  }

  @Operation('Cancels a change whose number has not moved yet. Any live session may.', 204)
  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiErrors('NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'REQUEST_REFUSED')
  async cancel(
    @CurrentUser() principal: Principal,
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.changes.cancel(principal, id, caller);
  }

  @Operation(
    'Ends the week in which the number before is kept: by a password that was set a week before the change.',
    204,
  )
  @Post(':id/confirmation')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiErrors(
    'REQUEST_REFUSED',
    ...BODY_ERRORS,
    'INVALID_CREDENTIALS',
    'REFRESH_TOKEN_NOT_ALLOWED',
    'FORBIDDEN',
    'NOT_FOUND',
    limited('username', 'passwords for this account'),
  )
  async confirm(
    @CurrentUser() principal: Principal,
    @Param('id') id: string,
    @Body() { password }: PasswordProofDto,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.claims.confirm(principal, id, password, caller);
  }
}
