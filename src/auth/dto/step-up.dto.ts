import { IsOptional, IsString, Length, MaxLength, ValidateIf } from 'class-validator';
import { IsCode } from '../../common/code.decorator';
import { IsUnicode } from '../../common/text.decorator';
import { Doc } from '../../contract/docs';
import { type Factor, FACTORS } from '../../sessions/session.entity';
import { CaptchaAnswerDto } from './captcha.dto';
import { MAX_SPELLING } from './password-login.dto';

/** One of `password` and `code`. */
export class StepUpDto extends CaptchaAnswerDto {
  @Doc('The password of the user.', { example: 'correct horse battery' })
  @ValidateIf(({ password }: StepUpDto) => password !== undefined)
  @IsString()
  @IsUnicode()
  @Length(1, MAX_SPELLING)
  password?: string;

  @Doc('A code that `POST /auth/codes` sent to the number of the user.', { example: '012345' })
  @ValidateIf(({ code }: StepUpDto) => code !== undefined)
  @IsCode()
  code?: string;

  @Doc('With a code: the `challenge` that the request for it was answered with.')
  @IsOptional()
  @IsString()
  @MaxLength(128)
  challenge?: string;

  @Doc('With a code: the `device_token` of this device, whose wrong codes count apart.')
  @IsOptional()
  @IsString()
  @MaxLength(128)
  device_token?: string;
}

export class SteppedUpDto {
  @Doc('What this session has proved: a code, a password (RFC 8176).', {
    enum: FACTORS,
    isArray: true,
    example: ['pwd', 'sms'],
  })
  amr!: Factor[];

  @Doc('When it last proved something.')
  auth_time!: Date;
}
