import { userIdOf, decodeJwt, type Jwt, signJwt } from '../support/jwt';
import { type LoggedIn, TestApp } from '../support/test-app';
import { type TokenKeys, tokenKeysOf } from '../support/token-keys';

type Change = (jwt: Jwt, other: Jwt) => { header?: object; claims?: object };

const hour = 3600;
const now = () => Math.floor(Date.now() / 1000);

const WRONG_IN_BOTH: [string, Change][] = [
  ['the type of the other kind', (_, other) => ({ header: { typ: other.header.typ } })],
  ['the key id of the other kind', (_, other) => ({ header: { kid: other.header.kid } })],
  [
    'the refresh claim of the other kind',
    ({ claims }) => ({ claims: { refresh: !claims.refresh } }),
  ],
  ['no refresh claim', () => ({ claims: { refresh: undefined } })],
  [
    'a refresh claim that is text',
    ({ claims }) => ({ claims: { refresh: String(claims.refresh) } }),
  ],
  ['another issuer', () => ({ claims: { iss: 'someone' } })],
  ['no issuer', () => ({ claims: { iss: undefined } })],
  ['an expiry in the past', () => ({ claims: { exp: now() - 1 } })],
  ['no expiry', () => ({ claims: { exp: undefined } })],
  ['an expiry that is text', () => ({ claims: { exp: String(now() + hour) } })],
  ['an expiry that is not a time', () => ({ claims: { exp: 1e300 } })],
  ['a start in the future', () => ({ claims: { nbf: now() + hour } })],
  ['no session', () => ({ claims: { sid: undefined } })],
  ['a session that is a number', () => ({ claims: { sid: 1 } })],
  ['no subject', () => ({ claims: { sub: undefined } })],
  ['a subject that is a number', () => ({ claims: { sub: 1 } })],
];

describe('tokens', () => {
  let app: TestApp;
  let user: LoggedIn;
  let keys: TokenKeys;

  beforeAll(async () => {
    app = await TestApp.start();
    user = await app.logIn();
    keys = tokenKeysOf(app);
  });
  afterAll(() => app.close());

  const open = (token: string) => app.get('/users/me', { token });
  const refresh = (token: string) => app.put('/auth/tokens', undefined, { token });

  function minted(use: 'access' | 'refresh', change: Change, key = keys[use]): string {
    const pair = { access: decodeJwt(user.token), refresh: decodeJwt(user.refresh_token) };
    const other = use === 'access' ? pair.refresh : pair.access;
    const { header, claims } = change(pair[use], other);
    return signJwt(
      { header: { ...pair[use].header, ...header }, claims: { ...pair[use].claims, ...claims } },
      key,
    );
  }

  it('rule 2: an access token names issuer, audience, user, session, its id and its life of two hours', async () => {
    const { id } = (await open(user.token)).body;

    const { header, claims } = decodeJwt(user.token);

    expect(header).toEqual({ alg: 'HS256', typ: 'at+jwt', kid: expect.any(String) });
    expect(claims).toEqual({
      iss: 'tandem',
      aud: 'tandem',
      sub: id,
      sid: expect.stringMatching(/^\d{1,19}$/),
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: (claims.iat as number) + 2 * hour,
      refresh: false,
    });
  });

  it('rule 2: a refresh token names issuer, user, session, generation and its life of 14 days', () => {
    const access = decodeJwt(user.token);

    const { header, claims } = decodeJwt(user.refresh_token);

    expect(header).toEqual({ alg: 'HS256', typ: 'rt+jwt', kid: expect.any(String) });
    expect(claims).toEqual({
      iss: 'tandem',
      sub: access.claims.sub,
      sid: access.claims.sid,
      gen: 0,
      iat: expect.any(Number),
      exp: (claims.iat as number) + 14 * 24 * hour,
      refresh: true,
    });
  });

  it('rule 1: the kinds differ in type, key id and key', () => {
    const [access, refreshing] = [decodeJwt(user.token), decodeJwt(user.refresh_token)];

    expect(access.header.typ).not.toBe(refreshing.header.typ);
    expect(access.header.kid).not.toBe(refreshing.header.kid);
    expect(signJwt(access, keys.access)).toBe(user.token);
    expect(signJwt(refreshing, keys.refresh)).toBe(user.refresh_token);
    expect(keys.access).not.toEqual(keys.refresh);
  });

  it.each([
    ...WRONG_IN_BOTH,
    ['another audience', () => ({ claims: { aud: 'someone' } })],
    ['no audience', () => ({ claims: { aud: undefined } })],
    ['more age than ACCESS_TOKEN_TTL allows', () => ({ claims: { iat: now() - 2 * hour } })],
    ['no age', () => ({ claims: { iat: undefined } })],
    ['an age that is text', () => ({ claims: { iat: String(now()) } })],
  ] as [string, Change][])('rule 1: an access token with %s opens nothing', async (_, change) => {
    expect((await open(minted('access', () => ({})))).status).toBe(200);

    const answer = await open(minted('access', change));

    expect([answer.status, answer.body.errorCode]).toEqual([401, 'UNAUTHORIZED']);
  });

  it.each([
    ...WRONG_IN_BOTH,
    ['no generation', () => ({ claims: { gen: undefined } })],
    ['a generation that is text', () => ({ claims: { gen: '0' } })],
    ['another generation', () => ({ claims: { gen: 1 } })],
    ['the session of nobody', () => ({ claims: { sid: '1' } })],
  ] as [string, Change][])(
    'rule 1: a refresh token with %s refreshes nothing',
    async (_, change) => {
      expect((await refresh(minted('refresh', () => ({})))).status).toBe(201);

      const answer = await refresh(minted('refresh', change));

      expect([answer.status, answer.body.errorCode]).toEqual([403, 'WRONG_REFRESH_TOKEN']);
    },
  );

  it('rule 1: a token signed with the key of the other kind is no token', async () => {
    const opened = await open(minted('access', () => ({}), keys.refresh));
    const refreshed = await refresh(minted('refresh', () => ({}), keys.access));

    expect([opened.status, refreshed.status]).toEqual([401, 403]);
  });

  it('rule 1: a refresh token for the session of another user refreshes nothing', async () => {
    const sub = userIdOf((await app.logIn()).token);

    const answer = await refresh(minted('refresh', () => ({ claims: { sub } })));

    expect([answer.status, answer.body.errorCode]).toEqual([403, 'WRONG_REFRESH_TOKEN']);
  });
});
