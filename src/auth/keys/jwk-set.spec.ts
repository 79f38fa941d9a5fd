import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { generateJwk } from '../../../test/support/jwk';
import { parseJwkSet, thumbprint } from './jwk-set';

/** The example of RFC 7638, section 3.1. */
const RFC_7638_KEY = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
  alg: 'RS256',
  kid: '2011-04-29',
};

const ec = generateJwk('ES256');
const rsa = generateJwk('RS256');
const without = (jwk: JsonWebKey, ...names: string[]) =>
  Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)));
const onCurve = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'jwk' });
const shortRsa = () =>
  generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' });

const parse = (...keys: unknown[]) => parseJwkSet(JSON.stringify({ keys }));

describe('the thumbprint of a key', () => {
  it('is that of the example of RFC 7638', () => {
    expect(thumbprint(RFC_7638_KEY)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it.each([ec, rsa])('is the one that jose calculates: $kty', async (jwk) => {
    expect(thumbprint(jwk)).toBe(await calculateJwkThumbprint(jwk as never));
  });

  it('names a key that has no kid', () => {
    const [key] = parse(without(ec, 'kid'));

    expect(key!.kid).toBe(ec.kid);
  });
});

describe('a JWK set', () => {
  it('keeps its order and its kids, and takes the algorithm from the type of the key', () => {
    const keys = parse(
      { ...rsa, kid: 'first' },
      { ...ec, kid: 'second', use: 'sig', alg: 'ES256' },
    );

    expect(keys.map(({ kid, alg }) => [kid, alg])).toEqual([
      ['first', 'RS256'],
      ['second', 'ES256'],
    ]);
  });

  it('publishes the public members of each key and nothing else', () => {
    const [first, second] = parse(ec, { ...rsa, note: 'internal' });

    expect(first!.publicJwk).toEqual({ ...without(ec, 'd'), alg: 'ES256', use: 'sig' });
    const { kty, n, e, kid } = rsa;
    expect(second!.publicJwk).toEqual({ kty, n, e, kid, alg: 'RS256', use: 'sig' });
  });

  it.each<[string, unknown[], RegExp]>([
    ['a symmetric key', [{ kty: 'oct', k: 'a2V5' }], /^key 1 is symmetric/],
    [
      'a key of another type',
      [{ kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'd' }],
      /OKP: use EC or RSA/,
    ],
    ['a key without a type', [{}], /^key 1 has the type undefined/],
    ['null', [null], /^key 1 has the type undefined/],
    ['a public key', [ec, without(rsa, 'd')], /^key 2 is not a private key/],
    ['RSA with 1024 bits', [shortRsa()], /^key 1 has 1024 bits: RSA needs at least 2048/],
    ['a key on P-384', [onCurve('P-384')], /^key 1 is on P-384: ES256 needs P-256/],
    ['a key on secp256k1', [onCurve('secp256k1')], /^key 1 is on secp256k1/],
    ['an algorithm of another type', [{ ...ec, alg: 'RS256' }], /^key 1 is for RS256: .* ES256/],
    ['an algorithm that is not supported', [{ ...rsa, alg: 'PS256' }], /^key 1 is for PS256/],
    ['a key for encryption', [{ ...ec, use: 'enc' }], /^key 1 is for enc/],
    ['a kid that is no text', [{ ...ec, kid: 5 }], /^key 1 has no usable kid/],
    ['an empty kid', [{ ...ec, kid: '' }], /^key 1 has no usable kid/],
    ['a kid that is not ASCII', [{ ...ec, kid: 'schlüssel' }], /^key 1 has no usable kid/],
    [
      'a kid that two keys have',
      [
        { ...ec, kid: 'k' },
        { ...rsa, kid: 'k' },
      ],
      /have the kid k$/,
    ],
    ['the same key twice', [without(ec, 'kid'), without(ec, 'kid')], /^two keys have the kid/],
    ['an RSA key without its primes', [without(rsa, 'p', 'q')], /^key 1 cannot be read/],
    ['the private part of another EC key', [{ ...ec, d: generateJwk().d }], /^key 1 is not a pair/],
    ['the modulus of another key', [{ ...rsa, n: generateJwk('RS256').n }], /^key 1 is not a pair/],
    ['no key at all', [], /at least one key/],
  ])('is refused with %s', (_, keys, reason) => {
    expect(() => parse(...keys)).toThrow(reason);
  });

  it.each<[string, string, RegExp]>([
    ['is not JSON', `{"keys":[${JSON.stringify(ec)}`, /^it is not JSON$/],
    ['is a single key', JSON.stringify(ec), /must be a JWK set/],
    ['is null', 'null', /must be a JWK set/],
  ])('is refused when it %s', (_, text, reason) => {
    expect(() => parseJwkSet(text)).toThrow(reason);
  });
});
