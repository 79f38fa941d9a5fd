import { Injectable } from '@nestjs/common';
import type { Check } from './check';
import type { SupportCase } from './support-case';
import { blocks, ok, type Verdict } from './verdict';

/** Why the last password did not work. */
@Injectable()
export class PasswordCheck implements Check {
  look({ refused, user, request }: SupportCase): Verdict {
    const since = request ? 0 : +(user?.lastLogin ?? 0);
    const wrong = refused.filter(
      ({ errorCode, at }) => errorCode === 'INVALID_CREDENTIALS' && +at > since,
    );
    const evidence = {
      has_password: (user?.username ?? null) !== null,
      wrong_passwords: wrong.length,
      reason: wrong[0]?.reason ?? null,
    };
    if (!wrong[0]) return ok('password', { evidence });
    return blocks('password', {
      error_code: 'INVALID_CREDENTIALS',
      since: wrong[0].at,
      evidence,
      action: 'the person logs in with a code, and sets a new password',
    });
  }
}
