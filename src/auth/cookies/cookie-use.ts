import type { RefreshCookie } from './refresh-cookies.service';

/** The cookie that the answer to a request is to set or clear. */
export interface CookieUse {
  readonly name: RefreshCookie['name'];
  readonly key: string;
  /** Unless a login is to open it. */
  readonly sessionId?: string;
  /** Before a login: the refresh token that the browser has had until now. */
  readonly earlier?: string;
}

const uses = new WeakMap<object, CookieUse>();

export function noteCookie(request: object, use: CookieUse): void {
  uses.set(request, use);
}

/** @returns undefined for a client that keeps its tokens itself. */
export function cookieOfRequest(request: object): CookieUse | undefined {
  return uses.get(request);
}
