import type { Env } from './env';

/** What the login page cannot do without. */
export function* loginPageProblems(env: Env): Generator<string> {
  if (!env.LOGIN_PAGE) return;
  if (env.REFRESH_COOKIE === 'off') {
    yield 'LOGIN_PAGE needs REFRESH_COOKIE=on: it has no other way to hand over a session';
  }
  if (env.LOGIN_RETURN_TO.length === 0 && !env.CONSOLE) {
    yield 'LOGIN_PAGE needs LOGIN_RETURN_TO: the addresses that a login may lead back to';
  }
}
