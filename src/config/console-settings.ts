import type { Env } from './env';

/** Where the console is: below the path of `PUBLIC_URL`. Logins may lead back to it. */
export const CONSOLE_PATH = '/console';

/** What the console cannot do without. */
export function* consoleProblems(env: Env): Generator<string> {
  if (!env.CONSOLE) {
    if (env.CONSOLE_HOST) yield 'CONSOLE_HOST needs CONSOLE=on: nothing else heeds it';
    return;
  }
  if (!env.LOGIN_PAGE) yield 'CONSOLE needs LOGIN_PAGE=on: operators log in there';
  if (env.REFRESH_COOKIE === 'off') {
    yield 'CONSOLE needs REFRESH_COOKIE=on: it keeps no refresh token where scripts could read it';
  }
  if (env.CONSOLE_HOST && !isSameSite(env.CONSOLE_HOST, env.PUBLIC_URL)) {
    yield 'CONSOLE_HOST must be of the same site as PUBLIC_URL, like console.example.com for https://auth.example.com';
  }
}

/** Loaded only now: its list takes memory. */
function isSameSite(host: string, publicUrl: string | undefined): boolean {
  const { getDomain } = require('tldts') as typeof import('tldts');
  const siteOf = (name: string) => getDomain(name, { allowPrivateDomains: true }) ?? name;
  return publicUrl === undefined || siteOf(host) === siteOf(new URL(publicUrl).hostname);
}
