import type { Clock } from '../../common/clock';
import type { Env } from '../../config/env';
import type { KeyRing } from '../../config/key-ring';
import type { LimiterService } from '../limiter.service';
import { AltchaCaptcha } from './altcha.captcha';
import type { Captcha } from './captcha';
import { SITEVERIFY_URLS, SiteverifyCaptcha } from './siteverify.captcha';

/** @returns undefined with `CAPTCHA=off`. */
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
        limiter,
        env.CAPTCHA === 'turnstile' ? keys : undefined,
      );
    default:
      return env.CAPTCHA satisfies never;
  }
}
