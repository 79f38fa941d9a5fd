import { Clock } from '../../common/clock';
import type { E164 } from '../../common/phone-number';
import { KeyRing } from '../../config/key-ring';
import { parseEnv } from '../../config/load-env';
import { newLimiter } from '../../../test/support/new-limiter';
import { AltchaCaptcha } from './altcha.captcha';
import { captchaFor } from './captcha.factory';
import { SiteverifyCaptcha } from './siteverify.captcha';

const CAPTCHA_SECRET = 'the secret key';

describe('the captcha', () => {
  it('is ALTCHA unless configured, so that no other service learns of a login', () => {
    expect(captchaWith({})).toBeInstanceOf(AltchaCaptcha);
    expect(captchaWith({ CAPTCHA: 'altcha' })).toBeInstanceOf(AltchaCaptcha);
  });

  it('can be off', () => {
    expect(captchaWith({ CAPTCHA: 'off' })).toBeUndefined();
  });

  it.each([
    ['turnstile', 'https://challenges.cloudflare.com/turnstile/v0/siteverify'],
    ['hcaptcha', 'https://api.hcaptcha.com/siteverify'],
  ])('asks the service of %s, or the one that is named', async (CAPTCHA, address) => {
    const fetched = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
    const CAPTCHA_VERIFY_URL = 'https://proxy.example.com/verify';

    await captchaWith({ CAPTCHA, CAPTCHA_SECRET })!
      .verify('x', { mobile: '+8613812345678' as E164, address: '::1' }, 0)
      .catch(() => undefined);
    await captchaWith({ CAPTCHA, CAPTCHA_SECRET, CAPTCHA_VERIFY_URL })!
      .verify('x', { mobile: '+8613812345678' as E164, address: '::1' }, 0)
      .catch(() => undefined);

    expect(fetched.mock.calls.map(([url]) => url)).toEqual([address, CAPTCHA_VERIFY_URL]);
    expect(captchaWith({ CAPTCHA, CAPTCHA_SECRET })).toBeInstanceOf(SiteverifyCaptcha);
    fetched.mockRestore();
  });
});

function captchaWith(env: Record<string, string>) {
  const limiter = newLimiter();
  return captchaFor(parseEnv(env), new KeyRing('a key'), limiter, new Clock());
}
