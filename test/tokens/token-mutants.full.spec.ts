import { createPublicKey } from 'node:crypto';
import { TokenKeysService } from '../../src/auth/keys/token-keys.service';
import { TokenService } from '../../src/auth/token.service';
import { generateJwk, type PrivateJwk, privateKeyOf, signWith, writeKeys } from '../support/jwk';
import { decodeJwt, encode, signJwt } from '../support/jwt';
import { allMutantsOf, mutantsOf } from '../support/mutants';
import { FUZZES_FULLY } from '../support/scale';
import { postForm, SERVICE_CLIENTS } from '../support/service-client';
import { type LoggedIn, TestApp } from '../support/test-app';
import { tokenKeysOf } from '../support/token-keys';

const KEYS = { ES256: generateJwk('ES256'), RS256: generateJwk('RS256') };
/** The order of P-256. */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
/** How many of the mutants go over a socket. */
const SAMPLE = FUZZES_FULLY ? 2000 : 25;

type Kind = 'refresh' | 'HS256' | 'ES256' | 'RS256';

describe('the mutants of genuine tokens', () => {
  let app: TestApp;
  let user: LoggedIn;
  let genuine: Record<Kind, string>;

  beforeAll(async () => {
    const JWT_KEYS_FILE = writeKeys(Object.values(KEYS));
    app = await TestApp.start({ env: { JWT_KEYS_FILE, SERVICE_CLIENTS } });
    user = await app.logIn();
    genuine = { refresh: user.refresh_token, ES256: user.token, ...otherwiseSigned(app, user) };
  });
  afterAll(() => app.close());

  describe.each<Kind>(['refresh', 'HS256', 'ES256', 'RS256'])('%s', (kind) => {
    it('rule 3: are refused, every one of them, where the genuine one is accepted', async () => {
      const token = genuine[kind];
      const mutants = [
        ...(FUZZES_FULLY ? allMutantsOf(token) : mutantsOf(token)),
        ...respellings(token),
        ...otherHeaders(token),
      ];

      expect(isAccepted(app, token)).toBe(true);
      expect(mutants.length).toBeGreaterThan(10_000);
      expect(mutants.filter((mutant) => isAccepted(app, mutant))).toEqual([]);
    });

    it('rule 3: open, refresh, end and tell nothing', async () => {
      const mutants = [...mutantsOf(genuine[kind])].filter(isSendable);
      const step = mutants.length / SAMPLE;

      for (let index = 0; index < SAMPLE; index++) {
        const token = mutants[Math.floor(index * step)]!;
        expect([token, await answersTo(app, token)]).toEqual([token, REFUSALS]);
      }

      expect((await app.get('/users/me', { token: user.token })).status).toBe(200);
    });
  });

  it('rule 3: leave room for every token that Tandem signs by ES256', () => {
    const session = { id: '1', userId: '2', expiresAt: new Date(Date.now() + 3_600_000) };
    const tokens = Array.from({ length: 32 }, () => app.nest.get(TokenService).signAccess(session));

    expect(tokens.filter((token) => !isAccepted(app, token))).toEqual([]);
  });
});

const REFUSALS = ['401 UNAUTHORIZED', '403 WRONG_REFRESH_TOKEN', '401 UNAUTHORIZED', false, 200];

async function answersTo(app: TestApp, token: string): Promise<unknown[]> {
  const opened = await app.get('/users/me', { token });
  const refreshed = await app.put('/auth/tokens', undefined, { token });
  const ended = await app.delete('/auth/tokens', { token });
  const told = await postForm(app, '/auth/introspect', { token });
  const revoked = await postForm(app, '/auth/revoke', { token });
  const refusals = [opened, refreshed, ended].map(
    ({ status, body }) => `${status} ${body.errorCode}`,
  );
  return [...refusals, told.body.active, revoked.status];
}

/** What a client can send in a header, and what is not trimmed on its way. */
const isSendable = (mutant: string) => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(mutant);

/** As a token of either use. */
function isAccepted(app: TestApp, token: string): boolean {
  const tokens = app.nest.get(TokenService);
  return [tokens.verify('access', token), tokens.verify('refresh', token)].some(Boolean);
}

/** The same access token, as Tandem would have signed it by the other keys that it knows. */
function otherwiseSigned(app: TestApp, { token }: LoggedIn) {
  const { claims } = decodeJwt(token);
  const keys = app.nest.get(TokenKeysService).of('access').verification;
  const { kid } = [...keys.values()].find(({ alg }) => alg === 'HS256')!;
  return {
    HS256: signJwt({ header: headerOf('HS256', kid), claims }, tokenKeysOf(app).access),
    RS256: signWith(KEYS.RS256, { header: headerOf('RS256', KEYS.RS256.kid), claims }),
  };
}

const headerOf = (alg: string, kid: string) => ({ alg, typ: 'at+jwt', kid });

/** Other signatures that the arithmetic of ES256 or RS256 takes, or might, for the same. */
function respellings(token: string): string[] {
  const { alg } = decodeJwt(token).header;
  const [header, claims, signature] = token.split('.');
  const bytes = Buffer.from(signature!, 'base64url');
  const twins = alg === 'ES256' ? twinsOfEcdsa(bytes) : alg === 'RS256' ? twinsOfRsa(bytes) : [];
  return twins.map((twin) => [header, claims, twin.toString('base64url')].join('.'));
}

function twinsOfEcdsa(signature: Buffer): Buffer[] {
  const [r, s] = [toNumber(signature.subarray(0, 32)), toNumber(signature.subarray(32))];
  const pairs = [
    [r, ORDER - s],
    [ORDER - r, s],
    [ORDER - r, ORDER - s],
    [s, r],
    [r + ORDER, s],
    [r, s + ORDER],
    [r, 0n],
    [0n, 0n],
  ];
  return pairs
    .filter((pair) => pair.every((number) => number < 1n << 256n))
    .map((pair) => Buffer.concat(pair.map((number) => toBytes(number, 32))));
}

function twinsOfRsa(signature: Buffer): Buffer[] {
  const modulus = toNumber(Buffer.from(modulusOf(KEYS.RS256), 'base64url'));
  const s = toNumber(signature);
  return [
    ...[modulus - s, 0n, 1n, modulus - 1n].map((number) => toBytes(number, signature.length)),
    toBytes(s + modulus, signature.length + 1),
    Buffer.concat([Buffer.alloc(1), signature]),
  ];
}

const modulusOf = (jwk: PrivateJwk) =>
  createPublicKey(privateKeyOf(jwk)).export({ format: 'jwk' }).n!;
const toNumber = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);
const toBytes = (number: bigint, length: number) =>
  Buffer.from(number.toString(16).padStart(2 * length, '0'), 'hex');

/** The same claims and signature under every header that is made of what headers of ours hold. */
function otherHeaders(token: string): string[] {
  const [own, claims, signature] = token.split('.');
  const kids = [...Object.values(KEYS).map(({ kid }) => kid), decodeJwt(token).header.kid, ''];
  const algs = ['HS256', 'HS512', 'ES256', 'ES384', 'RS256', 'PS256', 'EdDSA', 'none'];
  const headers = algs.flatMap((alg) =>
    ['at+jwt', 'rt+jwt', 'JWT', undefined].flatMap((typ) => kids.map((kid) => ({ alg, typ, kid }))),
  );
  return headers
    .map((header) => encode(JSON.stringify(header)))
    .filter((header) => header !== own)
    .map((header) => [header, claims, signature].join('.'));
}
