import type { Env } from '../config/env';
import type { OpenVisit } from './visits.service';

/**
 * For a page with a form: no script in it, no frame, nothing from elsewhere but the logo, and no address of it in a `Referer`.
 * Browsers hold `form-action` against the redirect after a login, too.
 */
export function pageHeaders(
  { LOGIN_LOGO_URL }: Env,
  { returnTo, isKnown }: OpenVisit,
): Record<string, string> {
  const logo = LOGIN_LOGO_URL ? ` ${new URL(LOGIN_LOGO_URL).origin}` : '';
  const isElsewhere = isKnown && !returnTo.startsWith('/');
  const back = isElsewhere ? ` ${new URL(returnTo).origin}` : '';
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "style-src 'self'",
    `img-src 'self'${logo}`,
    `form-action 'self'${back}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  };
}
