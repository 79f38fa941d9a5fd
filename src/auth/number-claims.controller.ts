import { Body, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS, limited } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { ApiTags, Operation } from '../contract/docs';
import { UndoDto, UndoneDto } from './dto/mobile-change.dto';
import { NumberClaimsService } from './mobile-changes/number-claims.service';
import { Public } from './public.decorator';

/** For those whose account has another number now: they have no session in it. */
@ApiTags('auth')
@Public()
@ApiController('auth/mobile-changes')
export class NumberClaimsController {
  constructor(private readonly claims: NumberClaimsService) {}

  @Operation(
    'Takes an account back to the number before, within a week: by the ticket of `NUMBER_MOVED`, or by the password as it was. All its sessions end, and none is opened. A device of the user cancels a change that waits.',
    200,
    UndoneDto,
  )
  @Post('undo')
  @HttpCode(HttpStatus.OK)
  @ApiErrors(
    ...BODY_ERRORS,
    'COUNTRY_NOT_SERVED',
    'INVALID_CODE',
    'INVALID_CREDENTIALS',
    'NOT_FOUND',
    'NUMBER_CLAIM_REFUSED',
    'USER_DISABLED',
    limited('number', 'tries to undo a change for this number'),
    'UNAVAILABLE',
  )
  async undo(@Body() undo: UndoDto, @CurrentCaller() caller: Caller): Promise<UndoneDto> {
    return { state: await this.claims.undo(undo, caller) };
  }
}
