import { Body, Delete, HttpCode, HttpStatus, Post, Put } from '@nestjs/common';
import { ownChange } from '../audit/origin';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS, limited } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import {
  ApiIdempotencyKey,
  IdempotencyKey,
  malformedKey,
} from '../contract/idempotency-key.decorator';
import {
  CurrentUser,
  type Principal,
  type RefreshPrincipal,
} from '../contract/current-user.decorator';
import { SessionsService } from '../sessions/sessions.service';
import {
  type AnswerCookie,
  CookieAnswersService,
  CookieOfAnswer,
} from './cookies/cookie-answers.service';
import {
  COOKIE_ERRORS,
  COOKIE_LOGIN_ERRORS,
  SetsRefreshCookie,
  TakesRefreshCookie,
} from './cookies/refresh-cookie.decorator';
import { CodeLoginDto } from './dto/code-login.dto';
import { CodeRequestDto, CodeSentDto } from './dto/code-request.dto';
import { PasswordLoginDto } from './dto/password-login.dto';
import { ReassignedDto } from './dto/reassigned.dto';
import { CodeTokenPairDto, LoginDto, RefreshedDto } from './dto/tokens.dto';
import { CodeLoginService } from './methods/code-login.service';
import { CodeRequestService } from './methods/code-request.service';
import { PasswordLoginService } from './methods/password-login.service';
import { Public } from './public.decorator';
import { ReassignmentsService } from './recycled-numbers/reassignments.service';
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
    private readonly cookies: CookieAnswersService,
    private readonly passwordLogins: PasswordLoginService,
    private readonly reassignments: ReassignmentsService,
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
  @SetsRefreshCookie()
  @ApiIdempotencyKey(
    'random',
    'One random secret a login, and of the session from then on. The same login with the same key gets the same session, when its answer was lost: up to three times within `LOGIN_GRACE`.',
  )
  @ApiErrors(
    ...BODY_ERRORS,
    ...COOKIE_LOGIN_ERRORS,
    'COUNTRY_NOT_SERVED',
    'INVALID_CODE',
    'CAPTCHA_REQUIRED',
    'USER_DISABLED',
    'LOGIN_REFUSED',
    'NUMBER_MOVED',
    'NUMBER_PERHAPS_REASSIGNED',
    limited('number', 'wrong codes for this number'),
    'UNAVAILABLE',
  )
  async logInWithCode(
    @Body() body: CodeLoginDto,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey('random') key?: string,
    @CookieOfAnswer() cookie?: AnswerCookie,
  ): Promise<CodeTokenPairDto> {
    return this.cookies.answer(await this.codeLogins.logIn(body, caller, key), cookie);
  }

  @Operation(
    'Says whether the account is that of who has proved its number, after `NUMBER_PERHAPS_REASSIGNED`: it goes on, or a new one is opened. With the ticket of `NUMBER_MOVED` and `mine: false` it notes that, and answers the same without one.',
    201,
    CodeTokenPairDto,
  )
  @Post('tokens/reassigned')
  @SetsRefreshCookie()
  @ApiIdempotencyKey(
    'random',
    'As of `POST /auth/tokens`: the same answer with the same key gets the same session within `LOGIN_GRACE`.',
  )
  @ApiErrors(
    ...BODY_ERRORS,
    ...COOKIE_LOGIN_ERRORS,
    'INVALID_CODE',
    'INVALID_CREDENTIALS',
    'USER_DISABLED',
    'LOGIN_REFUSED',
    'NUMBER_CLAIM_REFUSED',
    'NUMBER_CLAIM_WAITS',
    'NUMBER_MOVED',
    limited('number', 'answers for this number'),
    'UNAVAILABLE',
  )
  async answerReassigned(
    @Body() body: ReassignedDto,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey('random') key?: string,
    @CookieOfAnswer() cookie?: AnswerCookie,
  ): Promise<CodeTokenPairDto> {
    return this.cookies.answer(await this.reassignments.answer(body, caller, key), cookie);
  }

  @Operation(
    'Logs in with the password that the user has set, and the username or the mobile number.',
    201,
    LoginDto,
  )
  @Post('login')
  @SetsRefreshCookie()
  @ApiIdempotencyKey(
    'random',
    'One random secret a login, and of the session from then on. The same login with the same key within `LOGIN_GRACE` gets the same session.',
  )
  @ApiErrors(
    ...BODY_ERRORS,
    ...COOKIE_LOGIN_ERRORS,
    'COUNTRY_NOT_SERVED',
    'INVALID_CREDENTIALS',
    'USER_DISABLED',
    'LOGIN_REFUSED',
    limited('username', 'passwords for this account'),
    'UNAVAILABLE',
  )
  async logInWithPassword(
    @Body() body: PasswordLoginDto,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey('random') key?: string,
    @CookieOfAnswer() cookie?: AnswerCookie,
  ): Promise<LoginDto> {
    return this.cookies.answer(await this.passwordLogins.logIn(body, caller, key), cookie);
  }

  @Operation(
    'Exchanges the refresh token, sent as Bearer or by the cookie, for the next access token; with `REFRESH_ROTATION=on` also for its own successor.',
    201,
    RefreshedDto,
  )
  @Put('tokens')
  @HttpCode(HttpStatus.CREATED)
  @TakesRefreshCookie(RefreshTokenGuard)
  @ApiBearerAuth('refresh-token')
  @ApiIdempotencyKey(
    'visible',
    'With rotation: one random secret a session, drawn at the login, kept beside the refresh token and sent with every refresh, by all tabs. A retry must carry that of the refresh it repeats.',
  )
  @ApiErrors(
    malformedKey('visible'),
    ...COOKIE_ERRORS,
    'WRONG_REFRESH_TOKEN',
    'USER_DISABLED',
    'PAYLOAD_TOO_LARGE',
    'UNAVAILABLE',
  )
  async refresh(
    @CurrentUser() token: RefreshPrincipal,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey('visible') idempotencyKey?: string,
    @CookieOfAnswer() cookie?: AnswerCookie,
  ): Promise<RefreshedDto> {
    const tokens = await this.refreshes.refresh(token, { ...caller, idempotencyKey });
    return this.cookies.answer(tokens, cookie);
  }

  @Operation(
    'Logs out: ends the session of the access or refresh token sent as Bearer, or of the cookie, if it has not ended before.',
    204,
  )
  @Delete('tokens')
  @HttpCode(HttpStatus.NO_CONTENT)
  @TakesRefreshCookie(SignOutGuard)
  @ApiBearerAuth('access-token')
  @ApiBearerAuth('refresh-token')
  @ApiErrors(...COOKIE_ERRORS, 'UNAUTHORIZED', 'PAYLOAD_TOO_LARGE', 'UNAVAILABLE')
  async logOut(
    @CurrentUser() principal: Principal,
    @CurrentCaller() caller: Caller,
    @CookieOfAnswer() cookie?: AnswerCookie,
  ): Promise<void> {
    const by = ownChange(principal.userId, caller);
    await this.sessions.end(principal, { ...by, reason: 'logout' });
    this.cookies.clear(cookie);
  }
}
