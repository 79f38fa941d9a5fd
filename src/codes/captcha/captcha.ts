import type { E164 } from '../../common/phone-number';

/** The injection token of the captcha; there is none with `CAPTCHA=off`. */
export const CAPTCHA = Symbol('Captcha');

/** Each step doubles the work. */
export type Difficulty = 0 | 1 | 2;

export const HARDEST: Difficulty = 2;

/** Who answers a captcha, and for which number. */
export interface Solver {
  readonly mobile: E164;
  readonly address: string;
}

/** A test that costs a person little, and a bot that requests many messages a lot. */
export interface Captcha {
  /** What the widget needs to make an answer for this number; undefined when it can do without. */
  challengeFor(mobile: E164, difficulty: Difficulty): Promise<object | undefined>;

  /**
   * Whether the answer is right, fresh, for this number, at least that hard, and was not used before; it is used up then.
   *
   * @throws ApiException `UNAVAILABLE` when the service that knows is away.
   */
  verify(answer: string, solver: Solver, least: Difficulty): Promise<boolean>;
}
