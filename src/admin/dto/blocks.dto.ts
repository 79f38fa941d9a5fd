import { IsInt, IsString, Length, Max, MaxLength, Min } from 'class-validator';
import { IsUnicode } from '../../common/text.decorator';
import { Doc } from '../../contract/docs';

const LONGEST_SECONDS = 365 * 86_400;

export class NewBlockDto {
  @Doc('A number with +, the beginning of numbers like `+86138*`, an address or a network.', {
    example: '203.0.113.0/24',
  })
  @IsString()
  @MaxLength(64)
  target!: string;

  @Doc('For how long.', { type: 'integer', example: 86_400, minimum: 60, maximum: LONGEST_SECONDS })
  @IsInt()
  @Min(60)
  @Max(LONGEST_SECONDS)
  seconds!: number;

  @Doc('Why, for the audit.', { example: 'ticket 4711' })
  @IsString()
  @IsUnicode()
  @Length(1, 200)
  reason!: string;
}

export class BlockDto {
  @Doc('For `DELETE /admin/blocks/{id}`.')
  id!: string;
  @Doc({ example: '203.0.113.0/24' })
  target!: string;
  @Doc()
  expires_at!: Date;
}
