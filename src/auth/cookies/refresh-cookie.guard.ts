import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { requestOf } from '../../contract/request';
import { noteCookie } from './cookie-use';
import { RefreshCookiesService } from './refresh-cookies.service';

const BEARER = /^bearer\b/i;

/** Before the guard of a route that takes a refresh token: lets a cookie stand for the headers of other clients. A Bearer token wins. */
@Injectable()
export class RefreshCookieGuard implements CanActivate {
  constructor(private readonly cookies: RefreshCookiesService) {}

  /** @throws ApiException see {@link RefreshCookiesService.meantBy}. */
  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    const { headers } = request;
    if (!this.cookies.areOn || BEARER.test(headers.authorization ?? '')) return true;
    const cookie = this.cookies.meantBy(headers);
    if (!cookie) return true;
    headers.authorization = `Bearer ${cookie.token}`;
    headers['idempotency-key'] = cookie.key;
    noteCookie(request, cookie);
    return true;
  }
}
