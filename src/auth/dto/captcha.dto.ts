import { IsOptional, IsString, MaxLength } from 'class-validator';
import { SPELLING_LENGTH } from '../../common/phone-number';
import { Doc } from '../../contract/docs';

export class CaptchaRequestDto {
  @Doc('Any spelling of the mobile number that a code is wanted for.', {
    example: '+8613812345678',
  })
  @IsString()
  @MaxLength(SPELLING_LENGTH)
  mobile!: string;
}

/** Of whoever was asked for one. */
export class CaptchaAnswerDto {
  @Doc("The answer that the captcha's widget gave, asked for with `CAPTCHA_REQUIRED`.")
  @IsOptional()
  @IsString()
  @MaxLength(8192)
  captcha?: string;
}

/** As the ALTCHA widget takes it. */
export class AltchaChallengeDto {
  @Doc({ enum: ['SHA-256'] })
  algorithm!: string;

  @Doc('The SHA-256, in hex, of the salt followed by the number to find.')
  challenge!: string;

  @Doc('The number is not above this one.', { example: 100000, type: 'integer' })
  maxnumber!: number;

  @Doc('Says also until when the answer is good.', {
    example: '02f1ecaa821ba96ee83f15f5?difficulty=0&expires=1795314213&',
  })
  salt!: string;

  @Doc()
  signature!: string;
}

/** What Turnstile's widget is to be rendered with: its answer is for this number then. */
export class TurnstileBindingDto {
  @Doc({ enum: ['code'] })
  action!: string;

  @Doc({ example: 'b1Jq0cZkq3sYt9m2uXw5vL8nR4hD6fG7aE1oP0iK3jM' })
  cdata!: string;
}

export const CAPTCHA_SCHEMA = {
  oneOf: [AltchaChallengeDto, TurnstileBindingDto].map(({ name }) => ({
    $ref: `#/components/schemas/${name}`,
  })),
};
