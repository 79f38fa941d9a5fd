import { createPublicKey, constants, type KeyObject, sign } from 'node:crypto';
import { generateJwk, type PrivateJwk, privateKeyOf, signWith, writeKeys } from '../support/jwk';
import { decodeJwt, encode, type Jwt, signJwt } from '../support/jwt';
import { type LoggedIn, TestApp } from '../support/test-app';

/** Makes a forgery of a genuine token, which `jwk` signed. */
type Forge = (genuine: string, jwk: PrivateJwk) => string;
type Forgery = [name: string, forge: Forge];

const KEYS = { ES256: generateJwk('ES256'), RS256: generateJwk('RS256') };

const publicKeyOf = (jwk: PrivateJwk) => createPublicKey(privateKeyOf(jwk));
const publicJwkOf = (jwk: PrivateJwk) => publicKeyOf(jwk).export({ format: 'jwk' });

/** Changes the token, and signs it with the right key. */
const changed =
  ({ header, claims }: Partial<Jwt>, signer?: (input: Buffer, key: KeyObject) => Buffer): Forge =>
  (genuine, jwk) => {
    const parts = decodeJwt(genuine);
    const forged = {
      header: { ...parts.header, ...header },
      claims: { ...parts.claims, ...claims },
    };
    return signWith(jwk, forged, signer);
  };

/** Takes for a secret what everyone knows of the key. */
const signedByHmac =
  (secret: (key: KeyObject) => string | Buffer): Forge =>
  (genuine, jwk) => {
    const { header, claims } = decodeJwt(genuine);
    return signJwt(
      { header: { ...header, alg: 'HS256' }, claims },
      Buffer.from(secret(publicKeyOf(jwk))),
    );
  };

const signedByAttacker =
  (header: (attacker: PrivateJwk) => object): Forge =>
  (genuine, { kty }) => {
    const attacker = generateJwk(kty === 'EC' ? 'ES256' : 'RS256');
    return changed({ header: { ...header(attacker) } })(genuine, attacker);
  };

const COMMON: Forgery[] = [
  ...['none', 'None', 'NONE', 'nOnE'].map((alg): Forgery => [
    `alg ${alg}`,
    (genuine) => {
      const [header, claims] = genuine.split('.');
      return `${encode(JSON.stringify({ ...decodeJwt(`${header}.${claims}`).header, alg }))}.${claims}.`;
    },
  ]),
  ['HS256 with the public PEM', signedByHmac((key) => key.export({ type: 'spki', format: 'pem' }))],
  ['HS256 with the public DER', signedByHmac((key) => key.export({ type: 'spki', format: 'der' }))],
  ['HS256 with the JWK', signedByHmac((key) => JSON.stringify(key.export({ format: 'jwk' })))],
  ['the key of an attacker', signedByAttacker(() => ({}))],
  ['an embedded jwk', signedByAttacker((jwk) => ({ jwk: publicJwkOf(jwk) }))],
  ['the kid of an attacker', signedByAttacker(({ kid }) => ({ kid }))],
  ['its own key embedded', (genuine, jwk) => changed({ header: { jwk } })(genuine, jwk)],
  ['a jku', changed({ header: { jku: 'https://attacker.example.com/jwks.json' } })],
  ['a kid that is a path', changed({ header: { kid: '../../dev/null' } })],
  ['a kid that is SQL', changed({ header: { kid: "' OR 1=1 --" } })],
  ['a crit header', changed({ header: { crit: ['exp'] } })],
  ['the type of refresh tokens', changed({ header: { typ: 'rt+jwt' } })],
  ['the refresh claim', changed({ claims: { refresh: true } })],
  ['no exp', changed({ claims: { exp: undefined } })],
  ['an exp that is a text', changed({ claims: { exp: '9999999999' } })],
  ['an exp that is past', changed({ claims: { exp: 1 } })],
  ['another issuer', changed({ claims: { iss: 'somebody' } })],
  ['another audience', changed({ claims: { aud: 'somebody' } })],
];

const FORGERIES: Record<keyof typeof KEYS, Forgery[]> = {
  ES256: [
    ...COMMON,
    ['a signature in DER', changed({}, (input, key) => sign('sha256', input, key))],
    ['alg RS256', changed({ header: { alg: 'RS256' } })],
    ['the kid of the RSA key', changed({ header: { kid: KEYS.RS256.kid } })],
  ],
  RS256: [
    ...COMMON,
    [
      'RS512 with the right key',
      changed({ header: { alg: 'RS512' } }, (i, k) => sign('sha512', i, k)),
    ],
    [
      'PS256 with the right key',
      changed({ header: { alg: 'PS256' } }, (input, key) =>
        sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING }),
      ),
    ],
    ['the kid of the EC key', changed({ header: { kid: KEYS.ES256.kid } })],
    ['HS256 with the PKCS #1', signedByHmac((key) => key.export({ type: 'pkcs1', format: 'pem' }))],
  ],
};

describe.each(['ES256', 'RS256'] as const)('a forgery of an access token signed by %s', (alg) => {
  const jwk = KEYS[alg];
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start({ env: { JWT_KEYS_FILE: writeKeys(Object.values(KEYS)) } });
    user = await app.logIn();
  });
  afterAll(() => app.close());

  /** What Tandem itself would have signed with this key. */
  const genuine = () => changed({ header: { alg, kid: jwk.kid } })(user.token, jwk);

  it('rule 3: differs from the genuine one, which the same key and form make', async () => {
    expect((await app.get('/users/me', { token: genuine() })).status).toBe(200);
  });

  it.each(FORGERIES[alg])('rule 3: %s is refused everywhere', async (_, forge) => {
    const token = forge(genuine(), jwk);

    const opened = await app.get('/users/me', { token });
    const refreshed = await app.put('/auth/tokens', undefined, { token });

    expect([opened.status, opened.body.errorCode]).toEqual([401, 'UNAUTHORIZED']);
    expect([refreshed.status, refreshed.body.errorCode]).toEqual([403, 'WRONG_REFRESH_TOKEN']);
  });
});
