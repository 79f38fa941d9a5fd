import { IsString, MaxLength } from 'class-validator';
import { Doc } from '../../contract/docs';

export class NumberQueryDto {
  @Doc('As other answers give it.')
  @IsString()
  @MaxLength(64)
  number_ref!: string;
}

export class LiftedDto {
  @Doc('The limits that began anew.', { type: [String], example: ['codes-per-number'] })
  lifted!: string[];
}
