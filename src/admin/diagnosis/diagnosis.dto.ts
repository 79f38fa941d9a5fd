import { IsIP, IsOptional, IsString, MaxLength } from 'class-validator';
import { ERRORS, type ErrorCode } from '../../common/errors';
import { Doc } from '../../contract/docs';
import { CHECKS, type CheckName, type Evidence, type Verdict } from './verdict';

/** One of `number_ref`, `user` and `request_id`. */
export class DiagnosisRequestDto {
  @Doc('The opaque name of a number, as other routes and the log tell it.')
  @IsOptional()
  @IsString()
  @MaxLength(43)
  number_ref?: string;

  @Doc('A user id.')
  @IsOptional()
  @IsString()
  @MaxLength(20)
  user?: string;

  @Doc('The `request_id` of an error.')
  @IsOptional()
  @IsString()
  @MaxLength(64)
  request_id?: string;

  @Doc('From where the person asks: without it, the network of the last request that is known.')
  @IsOptional()
  @IsIP()
  address?: string;
}

export class VerdictDto implements Verdict {
  @Doc({ enum: CHECKS })
  check!: CheckName;

  @Doc({ enum: ['ok', 'warns', 'blocks'] })
  verdict!: Verdict['verdict'];

  @Doc('What the person is answered.', { enum: [...Object.keys(ERRORS), null], nullable: true })
  error_code!: ErrorCode | null;

  @Doc({ type: String, format: 'date-time', nullable: true })
  since!: Date | null;

  @Doc({ type: String, format: 'date-time', nullable: true })
  until!: Date | null;

  @Doc('What speaks for it.', { type: 'object', additionalProperties: true })
  evidence!: Evidence;

  @Doc('What an operator can do.', { type: String, nullable: true })
  action!: string | null;
}

export class DiagnosisDto {
  @Doc('In the order in which they decide: the first that blocks is the answer.', {
    type: [VerdictDto],
  })
  verdicts!: VerdictDto[];
}
