import { IsString, Matches, MaxLength } from 'class-validator';

export class CodeLoginDto {
  /** Any spelling of the mobile number that the code was sent to. @example "+8613812345678" */
  @IsString()
  @MaxLength(32)
  mobile!: string;

  /** @example "012345" */
  @Matches(/^[0-9]{6}$/, { message: 'code must be six digits' })
  code!: string;
}
