import { Delete, Query } from '@nestjs/common';
import { NumberRefsService } from '../audit/number-refs.service';
import { ApiException } from '../common/errors';
import { ApiErrors, limited, malformed } from '../contract/api-errors.decorator';
import { Operation } from '../contract/docs';
import { AdminController, For } from './admin-controller.decorator';
import { LiftedDto, NumberQueryDto } from './dto/limits.dto';
import { NumberLimitsService } from './number-limits.service';
import { CurrentOperator, type Operator } from './operator';

@AdminController('limits')
export class AdminLimitsController {
  constructor(
    private readonly limits: NumberLimitsService,
    private readonly refs: NumberRefsService,
  ) {}

  @Operation(
    'Begins the limits of a number anew, those of wrong codes twice a day at most.',
    200,
    LiftedDto,
  )
  @Delete()
  @For('support')
  @ApiErrors(
    malformed('number_ref must be a string'),
    'NOT_FOUND',
    'PAYLOAD_TOO_LARGE',
    limited('number', 'pardons of wrong codes for this number'),
  )
  async lift(
    @Query() { number_ref: ref }: NumberQueryDto,
    @CurrentOperator() operator: Operator,
  ): Promise<LiftedDto> {
    const mobile = this.refs.read(ref);
    if (!mobile) throw new ApiException('NOT_FOUND');
    return { lifted: await this.limits.lift(mobile, operator) };
  }
}
