import { Body, Delete, HttpCode, HttpStatus, Put, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS, limited } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { CurrentUser, type Principal } from '../contract/current-user.decorator';
import { SetPasswordDto } from './dto/password-login.dto';
import { PasswordChangeService } from './password-change.service';
import { JwtAuthGuard } from './jwt-auth.guard';

/** Apart from the other `/users` routes: a credential is changed here, and a session is asked for its age. */
@ApiTags('users')
@UseGuards(JwtAuthGuard)
@ApiController('users/me/password')
export class PasswordController {
  constructor(private readonly passwordChanges: PasswordChangeService) {}

  @Operation(
    'Sets the password, and the username if there is one, within ten minutes of a login or step-up or with the password until now. The other sessions and devices end.',
    204,
  )
  @Put()
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiBearerAuth('access-token')
  @ApiErrors(
    ...BODY_ERRORS,
    'UNAUTHORIZED',
    'REFRESH_TOKEN_NOT_ALLOWED',
    'RECENT_LOGIN_REQUIRED',
    'INVALID_CREDENTIALS',
    'USERNAME_TAKEN',
    limited('account', 'password changes'),
    'UNAVAILABLE',
  )
  async set(
    @CurrentUser() principal: Principal,
    @Body() credentials: SetPasswordDto,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.passwordChanges.setPassword(principal, credentials, caller);
  }

  @Operation(
    'Removes the password, within ten minutes of a login or step-up. The other sessions and devices end.',
    204,
  )
  @Delete()
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiBearerAuth('access-token')
  @ApiErrors(
    'VALIDATION_FAILED',
    'UNAUTHORIZED',
    'REFRESH_TOKEN_NOT_ALLOWED',
    'RECENT_LOGIN_REQUIRED',
    'PAYLOAD_TOO_LARGE',
    'UNAVAILABLE',
  )
  async remove(
    @CurrentUser() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.passwordChanges.removePassword(principal, caller);
  }
}
