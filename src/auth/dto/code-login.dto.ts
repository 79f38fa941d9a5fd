import { Doc } from '../../contract/docs';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { SPELLING_LENGTH } from '../../common/phone-number';
import { AgreedTerms } from './agreed-terms.decorator';
import { CodeProofDto } from './code-proof.dto';
import { SessionKind } from './session-kind.decorator';

export class CodeLoginDto extends CodeProofDto {
  @AgreedTerms()
  terms_version?: string;

  @Doc('Any spelling of the mobile number that the code was sent to.', {
    example: '+8613812345678',
  })
  @IsString()
  @MaxLength(SPELLING_LENGTH)
  mobile!: string;

  @Doc(
    'The `device_token` of an earlier login to this number: this device stays the same one, and strangers do not use up its limits.',
  )
  @IsOptional()
  @IsString()
  @MaxLength(128)
  device_token?: string;

  @SessionKind()
  session?: 'cookie';
}
