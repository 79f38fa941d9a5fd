import { Doc } from '../../contract/docs';

/** As the ALTCHA widget takes it. */
export class CaptchaChallengeDto {
  @Doc({ enum: ['SHA-256'] })
  algorithm!: string;

  @Doc('The SHA-256, in hex, of the salt followed by the number to find.')
  challenge!: string;

  @Doc('The number is not above this one.', { example: 100000, type: 'integer' })
  maxnumber!: number;

  @Doc('Says also until when the answer is good.', {
    example: '02f1ecaa821ba96ee83f15f5?expires=1795314213&',
  })
  salt!: string;

  @Doc()
  signature!: string;
}
