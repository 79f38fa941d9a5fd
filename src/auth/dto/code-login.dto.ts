import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export class CodeLoginDto {
  /** Any spelling of the mobile number that the code was sent to. @example "+8613812345678" */
  @IsString()
  @MaxLength(32)
  mobile!: string;

  /** @example "012345" */
  @Matches(/^[0-9]{6}$/, { message: 'code must be six digits' })
  code!: string;

  /** The `device_token` of an earlier login to this number: strangers do not use up the limits of this device. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  device_token?: string;
}
