import { Body, HttpCode, HttpStatus, Post, UseGuards } from '@nestjs/common';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS, limited } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { CurrentUser, type Principal } from '../contract/current-user.decorator';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { SteppedUpDto, StepUpDto } from './dto/step-up.dto';
import { JwtAuthGuard } from './jwt-auth.guard';
import { StepUpService } from './step-up.service';

@ApiTags('auth')
@UseGuards(JwtAuthGuard)
@ApiController('auth/step-up')
export class StepUpController {
  constructor(private readonly stepUps: StepUpService) {}

  @Operation(
    "Proves the user's password, or a code that `POST /auth/codes` sent to their number, to this session: what asks for a recent login is open for ten minutes.",
    200,
    SteppedUpDto,
  )
  @Post()
  @HttpCode(HttpStatus.OK)
  @ApiBearerAuth('access-token')
  @ApiErrors(
    ...BODY_ERRORS,
    'INVALID_CODE',
    'CAPTCHA_REQUIRED',
    'INVALID_CREDENTIALS',
    'UNAUTHORIZED',
    'REFRESH_TOKEN_NOT_ALLOWED',
    'USER_DISABLED',
    limited('number', 'wrong codes for this number'),
    'UNAVAILABLE',
  )
  async stepUp(
    @CurrentUser() principal: Principal,
    @Body() proof: StepUpDto,
    @CurrentCaller() caller: Caller,
  ): Promise<SteppedUpDto> {
    return this.stepUps.stepUp(principal, proof, caller);
  }
}
