import type { CodeAnswer, Dialect, Exchange, Session } from '../exchange';

const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The contract of Tandem, which the servers that do the same job keep as well. */
export const tandemDialect: Dialect = {
  whoAmI,
  refresh: ({ refreshToken }) => ({
    method: 'PUT',
    path: '/auth/tokens',
    headers: bearer(refreshToken),
    accepts: (status, body) => status === 201 && isAccessToken(JSON.parse(body)),
  }),
  logIn: (invitation): Exchange => ({
    ...posting('/auth/tokens', invitation),
    accepts: (status, body) => status === 201 && isPair(JSON.parse(body)),
  }),
  sessionOf: (body): Omit<Session, 'userId'> => {
    const { token, refresh_token: refreshToken } = JSON.parse(body);
    return { token, refreshToken };
  },
};

/** With what strangers do beside it. */
export const attackedDialect: Dialect = {
  ...tandemDialect,
  askForCode: (mobile, answer) => ({
    ...posting('/auth/codes', { mobile }),
    accepts: (status, body) => isAnswer(answer, status, JSON.parse(body)),
  }),
  guess: ({ mobile, code }) => ({
    ...posting('/auth/tokens', { mobile, code: anotherThan(code) }),
    accepts: (status, body) => status === 400 && JSON.parse(body).errorCode === 'INVALID_CODE',
  }),
};

/** The guarded route that every server has for the benchmark. */
export function whoAmI({ userId, token }: Session): Exchange {
  const expected = JSON.stringify({ user_id: userId });
  return {
    method: 'GET',
    path: '/bench/whoami',
    headers: bearer(token),
    accepts: (status, body) => status === 200 && body === expected,
  };
}

function posting(path: string, body: { mobile: string; code?: string }): Omit<Exchange, 'accepts'> {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', 'x-forwarded-for': addressOf(body.mobile) },
    body: JSON.stringify(body),
  };
}

const anotherThan = (code: string) => String((Number(code) + 1) % 1e6).padStart(6, '0');

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

type Answer = Record<string, unknown>;

function isAnswer(expected: CodeAnswer, status: number, { errorCode, expires_in }: Answer) {
  if (expected === 'sent') return status === 202 && isLifetime(expires_in);
  if (expected === 'limited') return status === 429 && errorCode === 'TOO_MANY_REQUESTS';
  return status === 428 && errorCode === 'CAPTCHA_REQUIRED';
}

function isAccessToken({ token, token_type, expires_in }: Answer): boolean {
  return isToken(token) && token_type === 'Bearer' && isLifetime(expires_in);
}

function isPair({ refresh_token, refresh_expires_in, ...access }: Answer): boolean {
  return isAccessToken(access) && isToken(refresh_token) && isLifetime(refresh_expires_in);
}

const isToken = (value: unknown) => typeof value === 'string' && TOKEN.test(value);
const isLifetime = (value: unknown) => Number.isInteger(value) && (value as number) > 0;

/**
 * As a proxy names the client: every number comes from an address of its own, and neighbours come from networks far
 * apart, so that no limit is in the way.
 */
export function addressOf(mobile: string): string {
  const number = Number(mobile.slice(-8));
  const scattered = Math.imul(number, SPREAD) >>> 8;
  return `11.${scattered >> 16}.${(scattered >> 8) & 255}.${scattered & 255}`;
}

/** Odd: the golden ratio of 2^32, after Knuth's multiplicative hashing. */
const SPREAD = 0x9e3779b1;
