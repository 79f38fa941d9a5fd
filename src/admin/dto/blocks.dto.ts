import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { Doc } from '../../contract/docs';
import { ReasonDto } from './user.dto';

const LONGEST_SECONDS = 365 * 86_400;

export class NewBlockDto extends ReasonDto {
  @Doc(
    'A number with + or its `number_ref`, the beginning of numbers like `+86138*`, an address or a network.',
    {
      example: '203.0.113.0/24',
    },
  )
  @IsString()
  @MaxLength(64)
  target!: string;

  @Doc('For how long.', { type: 'integer', example: 86_400, minimum: 60, maximum: LONGEST_SECONDS })
  @IsInt()
  @Min(60)
  @Max(LONGEST_SECONDS)
  seconds!: number;
}

export class BlockDto {
  @Doc('For `DELETE /admin/blocks/{id}`.')
  id!: string;
  @Doc('A number is masked.', { example: '203.0.113.0/24' })
  target!: string;
  @Doc('Of a number.', { type: String, nullable: true })
  number_ref!: string | null;
  @Doc()
  expires_at!: Date;
}
