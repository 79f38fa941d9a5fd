import { Body, HttpCode, HttpStatus, Put, UseGuards } from '@nestjs/common';
import { ownChange } from '../audit/origin';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { CurrentUser, type Principal } from '../contract/current-user.decorator';
import { ApiBearerAuth, ApiTags, Operation } from '../contract/docs';
import { TermsService } from '../users/terms.service';
import { AcceptTermsDto } from './dto/terms.dto';
import { JwtAuthGuard } from './jwt-auth.guard';

@ApiTags('users')
@ApiBearerAuth('access-token')
@UseGuards(JwtAuthGuard)
@ApiController('users/me/terms')
export class TermsController {
  constructor(private readonly terms: TermsService) {}

  @Operation('The user agrees to the terms that are in force.', 204)
  @Put()
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiErrors(...BODY_ERRORS, 'UNAUTHORIZED', 'REFRESH_TOKEN_NOT_ALLOWED', 'UNAVAILABLE')
  async accept(
    @CurrentUser() { userId }: Principal,
    @Body() { terms_version: version }: AcceptTermsDto,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    this.terms.assertInForce(version);
    await this.terms.accept(userId, version, ownChange(userId, caller));
  }
}
