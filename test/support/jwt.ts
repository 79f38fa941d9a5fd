import { createHmac } from 'node:crypto';

export interface Jwt {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

/** Reads a token without verifying it. */
export function decodeJwt(token: string): Jwt {
  const [header, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url'));
  return { header: JSON.parse(String(header)), claims: JSON.parse(String(claims)) };
}

/** The id of the session that a token belongs to. */
export const sessionIdOf = (token: string) => String(decodeJwt(token).claims.sid);

/** The id of the user whom a token speaks for. */
export const userIdOf = (token: string) => String(decodeJwt(token).claims.sub);

/** Signs whatever it is given; fields that are undefined are left out. */
export function signJwt({ header, claims }: Jwt, key: Buffer, hash = 'sha256'): string {
  return signParts(encode(JSON.stringify(header)), encode(JSON.stringify(claims)), key, hash);
}

/** Signs two parts as they are, also when they are not canonical. */
export function signParts(header: string, claims: string, key: Buffer, hash = 'sha256'): string {
  const input = `${header}.${claims}`;
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`;
}

export const encode = (text: string) => Buffer.from(text).toString('base64url');
