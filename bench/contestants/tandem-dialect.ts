import type { Dialect, Exchange, Session } from '../exchange';

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
  logIn: ({ mobile, code }): Exchange => ({
    method: 'POST',
    path: '/auth/tokens',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': addressOf(mobile) },
    body: JSON.stringify({ mobile, code }),
    accepts: (status, body) => status === 201 && isPair(JSON.parse(body)),
  }),
  sessionOf: (body): Omit<Session, 'userId'> => {
    const { token, refresh_token: refreshToken } = JSON.parse(body);
    return { token, refreshToken };
  },
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

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

type Answer = Record<string, unknown>;

function isAccessToken({ token, token_type, expires_in }: Answer): boolean {
  return isToken(token) && token_type === 'Bearer' && isLifetime(expires_in);
}

function isPair({ refresh_token, refresh_expires_in, ...access }: Answer): boolean {
  return isAccessToken(access) && isToken(refresh_token) && isLifetime(refresh_expires_in);
}

const isToken = (value: unknown) => typeof value === 'string' && TOKEN.test(value);
const isLifetime = (value: unknown) => Number.isInteger(value) && (value as number) > 0;

/** As a proxy names the client: every number comes from an address of its own, so that no limit is in the way. */
export function addressOf(mobile: string): string {
  const number = Number(mobile.slice(-8));
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}
