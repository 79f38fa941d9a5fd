import { Doc } from '../../contract/docs';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { IsCode } from '../../common/code.decorator';
import { SPELLING_LENGTH } from '../../common/phone-number';

export class CodeLoginDto {
  @Doc('Any spelling of the mobile number that the code was sent to.', {
    example: '+8613812345678',
  })
  @IsString()
  @MaxLength(SPELLING_LENGTH)
  mobile!: string;

  @Doc('Digits of any script, also with spaces between them.', { example: '012345' })
  @IsCode()
  code!: string;

  @Doc('The `challenge` that the request for the code was answered with.')
  @IsOptional()
  @IsString()
  @MaxLength(128)
  challenge?: string;

  @Doc(
    'The `device_token` of an earlier login to this number: this device stays the same one, and strangers do not use up its limits.',
  )
  @IsOptional()
  @IsString()
  @MaxLength(128)
  device_token?: string;
}
