import { IsOptional, IsString, MaxLength } from 'class-validator';
import { IsCode } from '../../common/code.decorator';
import { Doc } from '../../contract/docs';
import { CaptchaAnswerDto } from './captcha.dto';

/** A code, and what it was asked for with. */
export class CodeProofDto extends CaptchaAnswerDto {
  @Doc('Digits of any script, also with spaces between them.', { example: '012345' })
  @IsCode()
  code!: string;

  @Doc('The `challenge` that the request for the code was answered with.')
  @IsOptional()
  @IsString()
  @MaxLength(128)
  challenge?: string;
}
