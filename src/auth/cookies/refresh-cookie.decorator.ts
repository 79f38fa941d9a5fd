import { applyDecorators, type CanActivate, type Type, UseGuards } from '@nestjs/common';
import { ApiHeader } from '../../contract/docs';
import { CookieLoginGuard } from './cookie-login.guard';
import { RefreshCookieGuard } from './refresh-cookie.guard';
import {
  anotherSession,
  notOfOwnPage,
  SESSION_HEADER,
  twoOfOneName,
} from './refresh-cookies.service';

/** For `@ApiErrors()`, which takes all of a route at once. */
export const COOKIE_LOGIN_ERRORS = [notOfOwnPage(), twoOfOneName()];
export const COOKIE_ERRORS = [...COOKIE_LOGIN_ERRORS, anotherSession()];

/** A login that sets the cookie for whoever asks for it: see `CookieAnswersService`. */
export function SetsRefreshCookie() {
  return applyDecorators(
    UseGuards(CookieLoginGuard),
    ApiSessionHeader('With `"session": "cookie"`: `cookie`.'),
  );
}

/** A route that takes the cookie in the place of the Bearer token that a guard wants. */
export function TakesRefreshCookie(guard: Type<CanActivate>) {
  return applyDecorators(
    UseGuards(RefreshCookieGuard, guard),
    ApiSessionHeader(
      'With the cookie: the `session_id` that its login was answered with, or `cookie` for whichever session it is of.',
    ),
  );
}

function ApiSessionHeader(description: string) {
  const schema = { type: 'string' as const, pattern: '^(cookie|[1-9]\\d{0,18})$' };
  return ApiHeader({ name: SESSION_HEADER, description, required: false, schema });
}
