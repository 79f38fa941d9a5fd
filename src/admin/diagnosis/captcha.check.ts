import { Injectable } from '@nestjs/common';
import type { Check } from './check';
import { type SupportCase, wasAnswered } from './support-case';
import { blocks, ok, type Verdict, warns } from './verdict';

/** Whether a captcha is asked for, and why. */
@Injectable()
export class CaptchaCheck implements Check {
  look(about: SupportCase): Verdict {
    const { outlook } = about;
    if (!outlook?.wantsCaptcha) return ok('captcha');
    const spent = outlook.limits.filter(
      ({ empty, waitSeconds }) => empty === 'captcha' && waitSeconds > 0,
    );
    const found = {
      error_code: 'CAPTCHA_REQUIRED',
      evidence: { looks: outlook.standing, spent: spent.map(({ name }) => name) },
      action: 'the client shows the captcha of POST /auth/captcha; an old client may not know it',
    } as const;
    return wasAnswered(about, 'CAPTCHA_REQUIRED')
      ? blocks('captcha', found)
      : warns('captcha', found);
  }
}
