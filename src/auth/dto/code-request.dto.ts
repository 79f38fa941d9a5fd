import { Doc } from '../../contract/docs';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { SPELLING_LENGTH } from '../../common/phone-number';
import { CaptchaAnswerDto } from './captcha.dto';

/** How a code is worded, and what it may be asked for with. */
export class WordingDto extends CaptchaAnswerDto {
  @Doc(
    'The language of the message, a BCP 47 tag. A hint: what is none, or names a language that there is no message in, is passed over.',
    { example: 'zh-CN' },
  )
  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' ? value : undefined))
  locale?: string;

  @Doc(
    'The build of an Android app that waits for the message, one of `ANDROID_APP_HASH`. A hint: for another name the message is for the first.',
    { example: 'store' },
  )
  @IsOptional()
  @IsString()
  @MaxLength(32)
  app?: string;
}

/** With where it is to go. */
export class MessageRequestDto extends WordingDto {
  @Doc('Any spelling of a mobile number.', { example: '+8613812345678' })
  @IsString()
  @MaxLength(SPELLING_LENGTH)
  mobile!: string;
}

export class CodeRequestDto extends MessageRequestDto {
  @Doc(
    'The `device_token` of an earlier login to this number: strangers do not use up the limits of this device.',
  )
  @IsOptional()
  @IsString()
  @MaxLength(128)
  device_token?: string;
}

export class CodeSentDto {
  @Doc('Seconds until the code stops working.', { example: 300, type: 'integer' })
  expires_in!: number;

  @Doc('Seconds until the caller may send to this number again.', { example: 60, type: 'integer' })
  resend_in!: number;

  @Doc(
    'Stands for this request: sent along with the code, what others guess at the number does not count for it.',
    { example: 'tT3kX0f7Jm9bQ2cV5nLwSg.1785600300.Zk1mB7xQ4pR9sT2uV5wY8zA1bC4dE7fG0hJ3kL6mN9o' },
  )
  challenge!: string;
}
