import { randomBytes } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { malformed } from '../../contract/api-errors.decorator';
import { requestOf } from '../../contract/request';
import { noteCookie } from './cookie-use';
import { RefreshCookiesService } from './refresh-cookies.service';

/** Of base64url: 128 bits, as clients have. */
const KEY_BYTES = 16;

/** Before a login: prepares the cookie of one that asks for it, whose key the server draws where the client has none. */
@Injectable()
export class CookieLoginGuard implements CanActivate {
  constructor(private readonly cookies: RefreshCookiesService) {}

  /** @throws ApiException `VALIDATION_FAILED` where cookies are off; see {@link RefreshCookiesService.assertOwnPage}. */
  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    if (!asksForCookie(request.body)) return true;
    const { headers } = request;
    if (!this.cookies.areOn) throw noCookies();
    this.cookies.assertOwnPage(headers);
    const [newest] = this.cookies.in(headers);
    headers['idempotency-key'] ??= randomBytes(KEY_BYTES).toString('base64url');
    const key = String(headers['idempotency-key']);
    noteCookie(request, { name: this.cookies.nameBeside(newest), key, earlier: newest?.token });
    return true;
  }
}

function asksForCookie(body: unknown): boolean {
  return (Object(body) as { session?: unknown }).session === 'cookie';
}

export const noCookies = () =>
  malformed('session must not be cookie: the server has REFRESH_COOKIE=off');
