import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** The asymmetric algorithms that access tokens may be signed with. */
export type Algorithm = 'ES256' | 'RS256';

export type PublicJwk = JsonWebKey & { kid: string; alg: Algorithm; use: 'sig' };

export interface JwkKey {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: PublicJwk;
}

type PrivateJwk = JsonWebKey & { kid?: string; alg?: string; use?: string };

const MIN_RSA_BITS = 2048;

/**
 * The keys of a JWK set (RFC 7517), in its order.
 *
 * @throws Error that says which key is not usable, and why.
 */
export function parseJwkSet(text: string): JwkKey[] {
  const keys = jwksOf(text).map((jwk, index) => parseJwk(jwk ?? {}, index));
  const duplicate = keys.find(({ kid }, index) => keys.findIndex((key) => key.kid === kid) < index);
  if (duplicate) throw new Error(`two keys have the kid ${duplicate.kid}`);
  return keys;
}

function jwksOf(text: string): PrivateJwk[] {
  let set: { keys?: unknown };
  try {
    set = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
  if (!Array.isArray(set?.keys) || set.keys.length === 0) {
    throw new Error('it must be a JWK set: {"keys": [...]} with at least one key');
  }
  return set.keys;
}

function parseJwk(jwk: PrivateJwk, index: number): JwkKey {
  const refuse = (problem: string): never => {
    throw new Error(`key ${index + 1} ${problem}`);
  };
  if (jwk.kty === 'oct') refuse('is symmetric: anyone who verifies with it could sign');
  if (jwk.kty !== 'EC' && jwk.kty !== 'RSA') refuse(`has the type ${jwk.kty}: use EC or RSA`);
  if (!jwk.d) refuse('is not a private key');
  if (jwk.kty === 'EC' && jwk.crv !== 'P-256') refuse(`is on ${jwk.crv}: ES256 needs P-256`);
  // Others are not written alike by all libraries.
  if (jwk.kid !== undefined && !(typeof jwk.kid === 'string' && /^[\x20-\x7e]+$/.test(jwk.kid)))
    refuse('has no usable kid');
  if (jwk.use !== undefined && jwk.use !== 'sig') refuse(`is for ${jwk.use}: its use must be sig`);
  const alg = jwk.kty === 'EC' ? 'ES256' : 'RS256';
  if (jwk.alg !== undefined && jwk.alg !== alg)
    refuse(`is for ${jwk.alg}: it can be used for ${alg}`);
  const privateKey = importKey(jwk) ?? refuse('cannot be read');
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS;
  if (bits < MIN_RSA_BITS) refuse(`has ${bits} bits: RSA needs at least ${MIN_RSA_BITS}`);
  const key = describe(privateKey, alg, jwk.kid);
  if (!isPair(key)) refuse('is not a pair: its private and its public part do not belong together');
  return key;
}

function importKey(jwk: PrivateJwk): KeyObject | undefined {
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function describe(privateKey: KeyObject, alg: Algorithm, givenKid?: string): JwkKey {
  const publicKey = createPublicKey(privateKey);
  const jwk = publicKey.export({ format: 'jwk' });
  const kid = givenKid ?? thumbprint(jwk);
  return { kid, alg, privateKey, publicKey, publicJwk: { ...jwk, kid, alg, use: 'sig' } };
}

/** Node imports what does not fit, and no token that it signs would ever be accepted. */
function isPair({ privateKey, publicKey }: JwkKey): boolean {
  const probe = Buffer.from('probe');
  try {
    return verify('sha256', probe, publicKey, sign('sha256', probe, privateKey));
  } catch {
    return false;
  }
}

/** RFC 7638: the SHA-256 of the required members in the order of their names. */
export function thumbprint({ crv, e, kty, n, x, y }: JsonWebKey): string {
  const members = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
