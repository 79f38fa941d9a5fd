import { Body, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ReleasedNumbersService } from '../auth/recycled-numbers/released-numbers.service';
import { ApiException } from '../common/errors';
import { type E164, parseMobile } from '../common/phone-number';
import { ApiErrors, BODY_ERRORS, malformed } from '../contract/api-errors.decorator';
import { Operation } from '../contract/docs';
import { AdminController, For } from './admin-controller.decorator';
import { ReleasedDto, ReleasedNumbersDto } from './dto/numbers.dto';
import { CurrentOperator, type Operator } from './operator';

/** What carriers say of numbers. */
@AdminController('numbers')
export class NumbersController {
  constructor(private readonly numbers: ReleasedNumbersService) {}

  @Operation(
    'Takes a list of numbers that were given up: who proves one next is asked whose the account is, and their devices end.',
    200,
    ReleasedDto,
  )
  @Post('released')
  @HttpCode(HttpStatus.OK)
  @For('admin', 'recently proved')
  @ApiErrors(...BODY_ERRORS)
  async release(
    @Body() { numbers, reason }: ReleasedNumbersDto,
    @CurrentOperator() { actor, origin }: Operator,
  ): Promise<ReleasedDto> {
    return this.numbers.release(numbers.map(numberIn), { actor, origin, reason });
  }
}

/** @throws ApiException `VALIDATION_FAILED`, by its place: errors hold no numbers. */
function numberIn(text: string, index: number): E164 {
  try {
    return parseMobile(text, ['*']);
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    throw malformed(`numbers.${index} must be a mobile number with +`);
  }
}
