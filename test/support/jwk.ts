import {
  createPrivateKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Algorithm, thumbprint } from '../../src/auth/keys/jwk-set';
import { withLowS } from '../../src/auth/keys/low-s';
import { encode, type Jwt } from './jwt';
import { emptyDirectory } from './server-process';

export type PrivateJwk = JsonWebKey & { kid: string };

/** A fresh private key, named by its thumbprint. */
export function generateJwk(alg: Algorithm = 'ES256'): PrivateJwk {
  const { privateKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' });
  return { ...jwk, kid: thumbprint(jwk) };
}

export const privateKeyOf = (jwk: JsonWebKey): KeyObject =>
  createPrivateKey({ key: jwk, format: 'jwk' });

/** Writes a JWK set for `JWT_KEYS_FILE`. @returns its path. */
export function writeKeys(keys: unknown[], file = join(emptyDirectory(), 'keys.json')): string {
  writeFileSync(file, JSON.stringify({ keys }));
  return file;
}

/** Signs whatever it is given, as Tandem does unless another signer is given. */
export function signWith(
  jwk: JsonWebKey,
  { header, claims }: Jwt,
  signer: (input: Buffer, key: KeyObject) => Buffer = signature,
): string {
  const input = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}`;
  const token = `${input}.${signer(Buffer.from(input), privateKeyOf(jwk)).toString('base64url')}`;
  return jwk.kty === 'EC' && signer === signature ? withLowS(token) : token;
}

/** As JWS wants it (RFC 7518, section 3). */
const signature = (input: Buffer, key: KeyObject) =>
  sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' });
