import type { Clock } from '../../common/clock';
import type { Env } from '../../config/env';
import type { KeyRing } from '../../config/key-ring';
import type { LimiterService } from '../limiter.service';
import { AltchaCaptcha } from './altcha.captcha';
import { SITEVERIFY_URLS, SiteverifyCaptcha } from './siteverify.captcha';

/** The injection token of the captcha; there is none with `CAPTCHA=off`. */
export const CAPTCHA = Symbol('Captcha');

/** Something that is cheap for one person and dear for many messages. */
export interface Captcha {
  /**
   * Whether the answer is right, fresh and was not used before; it is used up then.
   *
   * @throws ApiException `UNAVAILABLE` when the service that knows is away.
   */
  verify(answer: string, address: string): Promise<boolean>;
}

export function captchaFor(
  env: Env,
  keys: KeyRing,
  limiter: LimiterService,
  clock: Clock,
): Captcha | undefined {
  switch (env.CAPTCHA) {
    case 'off':
      return undefined;
    case 'altcha':
      return new AltchaCaptcha(keys, limiter, clock);
    case 'turnstile':
    case 'hcaptcha':
      return new SiteverifyCaptcha(
        env.CAPTCHA_VERIFY_URL ?? SITEVERIFY_URLS[env.CAPTCHA],
        env.CAPTCHA_SECRET!,
      );
    default:
      return env.CAPTCHA satisfies never;
  }
}
