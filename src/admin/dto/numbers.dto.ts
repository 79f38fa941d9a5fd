import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, MaxLength } from 'class-validator';
import type { Released } from '../../auth/recycled-numbers/released-numbers.service';
import { SPELLING_LENGTH } from '../../common/phone-number';
import { Doc } from '../../contract/docs';
import { ReasonDto } from './user.dto';

/** In a body of the length that is taken. */
const MOST = 500;

export class ReleasedNumbersDto extends ReasonDto {
  @Doc('With +, in any spelling; 500 at most.', { type: [String], example: ['+8613812345678'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST)
  @IsString({ each: true })
  @MaxLength(SPELLING_LENGTH, { each: true })
  numbers!: string[];
}

export class ReleasedDto implements Released {
  @Doc({ type: 'integer' })
  released!: number;
  @Doc('Of users with roles, and test numbers.', { type: 'integer' })
  kept!: number;
  @Doc('Those that no user has.', { type: 'integer' })
  unknown!: number;
}
