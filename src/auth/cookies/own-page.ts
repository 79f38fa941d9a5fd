import type { IncomingHttpHeaders } from 'node:http';
import type { Env } from '../../config/env';
import { names } from '../../config/origin-env-fields';

/**
 * Whether a page of this server or of a listed origin has sent a request: browsers say so, and let no page say it of
 * itself. Old ones send `Origin` only.
 */
export function isOfOwnPage(
  headers: IncomingHttpHeaders,
  { CORS_ORIGINS, PUBLIC_URL }: Env,
): boolean {
  if (headers['sec-fetch-site'] === 'same-origin') return true;
  const own = PUBLIC_URL ? [new URL(PUBLIC_URL).origin] : [];
  return names([...CORS_ORIGINS, ...own], headers.origin);
}
