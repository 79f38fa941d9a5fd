import type { IncomingHttpHeaders } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';

/** All values that a request gives a cookie, in the order in which they came. */
export function cookieValues({ cookie = '' }: IncomingHttpHeaders, name: string): string[] {
  return cookie.split(';').flatMap((pair) => parseCookie(pair)[name] ?? []);
}

/**
 * The `Set-Cookie` of a cookie that no script reads, and that no other host may set, nor a subdomain: its name begins with `__Host-`.
 *
 * @param maxAge in seconds, 0 takes it away; left out, it is kept for as long as the browser runs.
 */
export function hostCookie(
  name: `__Host-${string}`,
  value: string,
  { maxAge, sameSite = 'strict' }: { maxAge?: number; sameSite?: 'strict' | 'lax' | 'none' } = {},
): string {
  const attributes = { path: '/', secure: true, httpOnly: true, sameSite };
  return stringifySetCookie({ name, value, maxAge, ...attributes });
}
