/** The injection token of the captcha; there is none with `CAPTCHA=off`. */
export const CAPTCHA = Symbol('Captcha');

/** A test that costs a person little, and a bot that requests many messages a lot. */
export interface Captcha {
  /**
   * Whether the answer is right, fresh and was not used before; it is used up then.
   *
   * @throws ApiException `UNAVAILABLE` when the service that knows is away.
   */
  verify(answer: string, address: string): Promise<boolean>;
}
