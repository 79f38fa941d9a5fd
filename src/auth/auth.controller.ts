import {
  Body,
  Controller,
  Delete,
  HttpCode,
  HttpStatus,
  Post,
  Put,
  UseGuards,
} from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CodesService } from '../codes/codes.service';
import { ApiErrors, BODY_ERRORS } from '../common/api-errors.decorator';
import { type Caller, CurrentCaller } from '../common/caller.decorator';
import {
  CurrentUser,
  type Principal,
  type RefreshPrincipal,
} from '../common/current-user.decorator';
import { parseMobile } from '../common/phone-number';
import { Env } from '../config/env';
import { AnyTokenGuard } from './any-token.guard';
import { AuthService } from './auth.service';
import { CodeLoginDto } from './dto/code-login.dto';
import { CodeRequestDto, CodeSentDto } from './dto/code-request.dto';
import { PasswordLoginDto } from './dto/password-login.dto';
import { RefreshedDto, TokenPairDto } from './dto/tokens.dto';
import { Public } from './public.decorator';
import { RefreshTokenGuard } from './refresh-token.guard';

@ApiTags('auth')
@Public()
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly codes: CodesService,
    private readonly env: Env,
  ) {}

  /** Sends a six-digit code by SMS. Asking again while it lives sends the same one. */
  @Post('codes')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiErrors(...BODY_ERRORS, 'TOO_MANY_REQUESTS', 'UNAVAILABLE')
  async sendCode(
    @Body() body: CodeRequestDto,
    @CurrentCaller() caller: Caller,
  ): Promise<CodeSentDto> {
    const mobile = parseMobile(body.mobile, this.env.SMS_COUNTRIES);
    const { expiresIn, resendIn } = await this.codes.send(mobile, caller.address, body.locale);
    return { expires_in: expiresIn, resend_in: resendIn };
  }

  /** Logs in with a code. The first login of a number creates its user. */
  @Post('tokens')
  @ApiErrors(...BODY_ERRORS, 'INVALID_CODE', 'USER_DISABLED', 'TOO_MANY_REQUESTS', 'UNAVAILABLE')
  async logInWithCode(
    @Body() body: CodeLoginDto,
    @CurrentCaller() caller: Caller,
  ): Promise<TokenPairDto> {
    const mobile = parseMobile(body.mobile, this.env.SMS_COUNTRIES);
    return this.auth.logInWithCode(mobile, body.code, caller);
  }

  /** Logs in with the username and password that the user has set. */
  @Post('login')
  @ApiErrors(
    ...BODY_ERRORS,
    'INVALID_CREDENTIALS',
    'USER_DISABLED',
    'TOO_MANY_REQUESTS',
    'UNAVAILABLE',
  )
  async logInWithPassword(
    @Body() { username, password }: PasswordLoginDto,
    @CurrentCaller() caller: Caller,
  ): Promise<TokenPairDto> {
    return this.auth.logInWithPassword(username, password, caller);
  }

  /**
   * Exchanges the refresh token, sent as Bearer, for the next access token; with `REFRESH_ROTATION=on`
   * also for its own successor.
   */
  @Put('tokens')
  @HttpCode(HttpStatus.CREATED)
  @UseGuards(RefreshTokenGuard)
  @ApiBearerAuth('refresh-token')
  @ApiErrors('WRONG_REFRESH_TOKEN', 'USER_DISABLED', 'UNAVAILABLE')
  async refresh(@CurrentUser() token: RefreshPrincipal): Promise<RefreshedDto> {
    return this.auth.refresh(token);
  }

  /** Logs out: ends the session of the access or refresh token sent as Bearer. */
  @Delete('tokens')
  @HttpCode(HttpStatus.NO_CONTENT)
  @UseGuards(AnyTokenGuard)
  @ApiBearerAuth('access-token')
  @ApiBearerAuth('refresh-token')
  @ApiErrors('UNAUTHORIZED', 'UNAVAILABLE')
  async logOut(@CurrentUser() principal: Principal): Promise<void> {
    await this.auth.logOut(principal);
  }
}
