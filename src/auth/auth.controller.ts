import { Body, Delete, HttpCode, HttpStatus, Post, Put, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS, limited } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { ApiIdempotencyKey, IdempotencyKey } from '../contract/idempotency-key.decorator';
import {
  CurrentUser,
  type Principal,
  type RefreshPrincipal,
} from '../contract/current-user.decorator';
import { SessionsService } from '../sessions/sessions.service';
import { CodeLoginDto } from './dto/code-login.dto';
import { CodeRequestDto, CodeSentDto } from './dto/code-request.dto';
import { PasswordLoginDto } from './dto/password-login.dto';
import { CodeTokenPairDto, LoginDto, RefreshedDto } from './dto/tokens.dto';
import { CodeLoginService } from './methods/code-login.service';
import { CodeRequestService } from './methods/code-request.service';
import { PasswordLoginService } from './methods/password-login.service';
import { Public } from './public.decorator';
import { RefreshService } from './refresh.service';
import { RefreshTokenGuard } from './refresh-token.guard';
import { SignOutGuard } from './sign-out.guard';

@ApiTags('auth')
@Public()
@ApiController('auth')
export class AuthController {
  constructor(
    private readonly codeLogins: CodeLoginService,
    private readonly codeRequests: CodeRequestService,
    private readonly passwordLogins: PasswordLoginService,
    private readonly refreshes: RefreshService,
    private readonly sessions: SessionsService,
  ) {}

  @Operation(
    'Sends a six-digit code by SMS. Asking again while it lives sends the same one.',
    202,
    CodeSentDto,
  )
  @Post('codes')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiErrors(
    ...BODY_ERRORS,
    'COUNTRY_NOT_SERVED',
    'NUMBER_UNREACHABLE',
    'CAPTCHA_REQUIRED',
    limited('number', 'codes for this number'),
    'SMS_BUDGET_SPENT',
    'SMS_PAUSED',
    'UNAVAILABLE',
  )
  async sendCode(
    @Body() body: CodeRequestDto,
    @CurrentCaller() caller: Caller,
  ): Promise<CodeSentDto> {
    return this.codeRequests.send(body, caller);
  }

  @Operation(
    'Logs in with a code. The first login of a number creates its user.',
    201,
    CodeTokenPairDto,
  )
  @Post('tokens')
  @ApiErrors(
    ...BODY_ERRORS,
    'COUNTRY_NOT_SERVED',
    'INVALID_CODE',
    'USER_DISABLED',
    'LOGIN_REFUSED',
    limited('number', 'wrong codes for this number'),
    'UNAVAILABLE',
  )
  async logInWithCode(
    @Body() body: CodeLoginDto,
    @CurrentCaller() caller: Caller,
  ): Promise<CodeTokenPairDto> {
    return this.codeLogins.logIn(body, caller);
  }

  @Operation('Logs in with the username and password that the user has set.', 201, LoginDto)
  @Post('login')
  @ApiErrors(
    ...BODY_ERRORS,
    'INVALID_CREDENTIALS',
    'USER_DISABLED',
    'LOGIN_REFUSED',
    limited('username', 'passwords for this username'),
    'UNAVAILABLE',
  )
  async logInWithPassword(
    @Body() body: PasswordLoginDto,
    @CurrentCaller() caller: Caller,
  ): Promise<LoginDto> {
    return this.passwordLogins.logIn(body, caller);
  }

  @Operation(
    'Exchanges the refresh token, sent as Bearer, for the next access token; with `REFRESH_ROTATION=on` also for its own successor.',
    201,
    RefreshedDto,
  )
  @Put('tokens')
  @HttpCode(HttpStatus.CREATED)
  @UseGuards(RefreshTokenGuard)
  @ApiBearerAuth('refresh-token')
  @ApiIdempotencyKey(
    'With rotation: one random secret a session, drawn at the login, kept beside the refresh token and sent with every refresh, by all tabs. A retry must carry that of the refresh it repeats.',
  )
  @ApiErrors('WRONG_REFRESH_TOKEN', 'USER_DISABLED', 'PAYLOAD_TOO_LARGE', 'UNAVAILABLE')
  async refresh(
    @CurrentUser() token: RefreshPrincipal,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() idempotencyKey?: string,
  ): Promise<RefreshedDto> {
    return this.refreshes.refresh(token, { ...caller, idempotencyKey });
  }

  @Operation(
    'Logs out: ends the session of the access or refresh token sent as Bearer, if it has not ended before.',
    204,
  )
  @Delete('tokens')
  @HttpCode(HttpStatus.NO_CONTENT)
  @UseGuards(SignOutGuard)
  @ApiBearerAuth('access-token')
  @ApiBearerAuth('refresh-token')
  @ApiErrors('UNAUTHORIZED', 'PAYLOAD_TOO_LARGE', 'UNAVAILABLE')
  async logOut(@CurrentUser() principal: Principal): Promise<void> {
    await this.sessions.end(principal, 'logout');
  }
}
