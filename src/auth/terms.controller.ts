import { Body, HttpCode, HttpStatus, Put, UseGuards } from '@nestjs/common';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { CurrentUser, type Principal } from '../contract/current-user.decorator';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { AcceptTermsDto } from './dto/terms.dto';
import { JwtAuthGuard } from './jwt-auth.guard';
import { OwnChangesService } from './own-changes.service';

@ApiTags('users')
@ApiBearerAuth('access-token')
@UseGuards(JwtAuthGuard)
@ApiController('users/me/terms')
export class TermsController {
  constructor(private readonly own: OwnChangesService) {}

  @Operation('The user agrees to the terms that are in force.', 204)
  @Put()
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiErrors(...BODY_ERRORS, 'UNAUTHORIZED', 'REFRESH_TOKEN_NOT_ALLOWED', 'UNAVAILABLE')
  async accept(
    @CurrentUser() principal: Principal,
    @Body() { terms_version: version }: AcceptTermsDto,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.own.acceptTerms(principal, version, caller);
  }
}
