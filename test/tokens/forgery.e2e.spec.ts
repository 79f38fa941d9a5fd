import { decodeJwt, encode, signJwt, signParts } from '../support/jwt';
import { type LoggedIn, TestApp } from '../support/test-app';
import { type TokenKeys, tokenKeysOf } from '../support/token-keys';

/** Makes a forgery of a genuine token; `key` is the one that signed it. */
type Forge = (genuine: string, key: Buffer) => string;

const ATTACKER_KEY = Buffer.alloc(32, 'k');
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const withHeader =
  (fields: object, hash?: string, signingKey?: Buffer): Forge =>
  (genuine, key) => {
    const { header, claims } = decodeJwt(genuine);
    return signJwt({ header: { ...header, ...fields }, claims }, signingKey ?? key, hash);
  };

const unsigned =
  (alg: string): Forge =>
  (genuine) => {
    const { header } = decodeJwt(genuine);
    return `${encode(JSON.stringify({ ...header, alg }))}.${genuine.split('.')[1]}.`;
  };

/** Another last character that stands for the same bytes: its lowest bit is padding. */
function respelled(part: string): string {
  const last = BASE64URL.indexOf(part.at(-1)!);
  const other = part.slice(0, -1) + BASE64URL[last ^ 1];
  expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(part, 'base64url'));
  return other;
}

/** Encodes to a length at which the last character has padding bits. */
function withPaddingBits(part: string): string {
  const text = Buffer.from(part, 'base64url').toString();
  return encode(text.length % 3 === 0 ? `${text} ` : text);
}

const FORGERIES: [string, Forge][] = [
  ...['none', 'None', 'NONE', 'nOnE'].flatMap((alg): [string, Forge][] => [
    [`alg ${alg} without a signature`, unsigned(alg)],
    [`alg ${alg} with a signature`, withHeader({ alg })],
  ]),
  ['HS384 with the right key', withHeader({ alg: 'HS384' }, 'sha384')],
  ['HS512 with the right key', withHeader({ alg: 'HS512' }, 'sha512')],
  ['RS256 over an HMAC', withHeader({ alg: 'RS256' })],
  ['alg in lower case', withHeader({ alg: 'hs256' })],
  ['no alg', withHeader({ alg: undefined })],
  ['the key of an attacker', withHeader({}, 'sha256', ATTACKER_KEY)],
  ['an empty key', withHeader({}, 'sha256', Buffer.alloc(0))],
  [
    'an embedded jwk',
    withHeader({ jwk: { kty: 'oct', k: encode(String(ATTACKER_KEY)) } }, 'sha256', ATTACKER_KEY),
  ],
  ['a jwk beside the right signature', withHeader({ jwk: { kty: 'oct', k: 'a2V5' } })],
  ['a jku', withHeader({ jku: 'https://attacker.example.com/jwks.json' })],
  ['an x5u', withHeader({ x5u: 'https://attacker.example.com/cert.pem' })],
  ['a crit header', withHeader({ crit: ['exp'] })],
  ['an unencoded payload', withHeader({ b64: false, crit: ['b64'] })],
  ['a kid that is a path', withHeader({ kid: '../../../dev/null' })],
  ['a kid that is SQL', withHeader({ kid: "' UNION SELECT 'key' --" })],
  ['a kid of Object.prototype', withHeader({ kid: 'constructor' })],
  [
    'a kid in a list',
    (genuine, key) => withHeader({ kid: [decodeJwt(genuine).header.kid] })(genuine, key),
  ],
  ['no kid', withHeader({ kid: undefined })],
  ['typ JWT', withHeader({ typ: 'JWT' })],
  ['no typ', withHeader({ typ: undefined })],
  [
    'another spelling of the claims',
    (genuine, key) => {
      const [header, claims] = genuine.split('.') as [string, string];
      return signParts(header, respelled(withPaddingBits(claims)), key);
    },
  ],
  ['no JSON', () => `${encode('no')}.${encode('json')}.${encode('here')}`],
  ['null for a header', (genuine, key) => signParts(encode('null'), genuine.split('.')[1]!, key)],
  ['a text for claims', (genuine, key) => signParts(genuine.split('.')[0]!, encode('"text"'), key)],
  ['null for claims', (genuine, key) => signParts(genuine.split('.')[0]!, encode('null'), key)],
  ['8 kB that are no token', () => 'A'.repeat(8192)],
  [
    '8 kB with the right signature',
    (genuine, key) => {
      const { header, claims } = decodeJwt(genuine);
      return signJwt({ header, claims: { ...claims, filler: 'A'.repeat(6000) } }, key);
    },
  ],
];

describe('a forged token', () => {
  let app: TestApp;
  let user: LoggedIn;
  let keys: TokenKeys;

  beforeAll(async () => {
    app = await TestApp.start();
    user = await app.logIn();
    keys = tokenKeysOf(app);
  });
  afterAll(() => app.close());

  it('rule 3: differs from the genuine one, which the same key and form make', async () => {
    const token = withHeader({})(user.token, keys.access);
    const refreshToken = withHeader({})(user.refresh_token, keys.refresh);

    expect((await app.get('/users/me', { token })).status).toBe(200);
    expect((await app.put('/auth/tokens', undefined, { token: refreshToken })).status).toBe(201);
  });

  it.each(FORGERIES)('rule 3: %s is refused everywhere', async (_, forge) => {
    const opened = await app.get('/users/me', { token: forge(user.token, keys.access) });
    const refreshed = await app.put('/auth/tokens', undefined, {
      token: forge(user.refresh_token, keys.refresh),
    });
    const ended = await app.delete('/auth/tokens', { token: forge(user.token, keys.access) });

    expect([opened.status, opened.body.errorCode]).toEqual([401, 'UNAUTHORIZED']);
    expect([refreshed.status, refreshed.body.errorCode]).toEqual([403, 'WRONG_REFRESH_TOKEN']);
    expect([ended.status, ended.body.errorCode]).toEqual([401, 'UNAUTHORIZED']);
  });
});
