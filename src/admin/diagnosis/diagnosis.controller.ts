import { Body, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiException } from '../../common/errors';
import { ApiErrors, BODY_ERRORS } from '../../contract/api-errors.decorator';
import { Operation } from '../../contract/docs';
import { isAllowed } from '../../users/roles';
import { AdminController, For } from '../admin-controller.decorator';
import { CurrentOperator, type Operator } from '../operator';
import { DiagnosisDto, DiagnosisRequestDto } from './diagnosis.dto';
import { DiagnosisService } from './diagnosis.service';

@AdminController('diagnosis')
export class DiagnosisController {
  constructor(private readonly diagnosis: DiagnosisService) {}

  @Operation(
    'Why a person gets no code, or cannot log in: asked of the code that decides it. Nothing is counted, sent or used up.',
    200,
    DiagnosisDto,
  )
  @Post()
  @HttpCode(HttpStatus.OK)
  @For('viewer')
  @ApiErrors(...BODY_ERRORS, 'NOT_FOUND')
  async diagnose(
    @Body() body: DiagnosisRequestDto,
    @CurrentOperator() { roles }: Operator,
  ): Promise<DiagnosisDto> {
    const { number_ref: numberRef, user, request_id: requestId, address } = body;
    const named = [numberRef, user, requestId].filter((name) => name !== undefined);
    if (named.length !== 1) {
      const message = ['one of number_ref, user and request_id must be given'];
      throw new ApiException('VALIDATION_FAILED', { message });
    }
    const question = { numberRef, user, requestId, address };
    return { verdicts: await this.diagnosis.diagnose(question, isAllowed(roles, 'support')) };
  }
}
