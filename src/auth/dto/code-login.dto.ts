import { Doc } from '../../contract/docs';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { CODE_FORM, CODE_PATTERN } from '../../common/code';
import { SPELLING_LENGTH } from '../../common/phone-number';

export class CodeLoginDto {
  @Doc('Any spelling of the mobile number that the code was sent to.', {
    example: '+8613812345678',
  })
  @IsString()
  @MaxLength(SPELLING_LENGTH)
  mobile!: string;

  @Doc({ example: '012345' })
  @Matches(CODE_PATTERN, { message: `code must be ${CODE_FORM}` })
  code!: string;

  @Doc(
    'The `device_token` of an earlier login to this number: strangers do not use up the limits of this device.',
  )
  @IsOptional()
  @IsString()
  @MaxLength(128)
  device_token?: string;
}
