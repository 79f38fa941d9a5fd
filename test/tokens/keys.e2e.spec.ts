import { createRemoteJWKSet, jwtVerify } from 'jose';
import { generateJwk, writeKeys } from '../support/jwk';
import { decodeJwt } from '../support/jwt';
import { type LoggedIn, TestApp } from '../support/test-app';

const JWKS = '/.well-known/jwks.json';
const PRIVATE_MEMBERS = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']);

const opens = async (app: TestApp, { token }: { token: string }) =>
  (await app.get('/users/me', { token })).status;
const refresh = (app: TestApp, { refresh_token: token }: LoggedIn) =>
  app.put('/auth/tokens', undefined, { token });

describe.each(['ES256', 'RS256'] as const)('an access token signed by %s', (alg) => {
  const keys = [generateJwk(alg), generateJwk('ES256'), generateJwk('RS256')];
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start({ env: { JWT_KEYS_FILE: writeKeys(keys) } });
    user = await app.logIn();
  });
  afterAll(() => app.close());

  /** As a strict service does it that knows nothing but the address of Tandem. */
  const verifyElsewhere = (token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL(JWKS, app.baseUrl)), {
      algorithms: ['ES256', 'RS256'],
      typ: 'at+jwt',
      issuer: 'tandem',
      audience: 'tandem',
      requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
    });

  it('names the first key of the file and opens routes', async () => {
    expect(decodeJwt(user.token).header).toEqual({ alg, typ: 'at+jwt', kid: keys[0]!.kid });
    expect(await opens(app, user)).toBe(200);
  });

  it('publishes the public half of every key of the file, to be cached for five minutes', async () => {
    const { status, headers, body } = await app.get(JWKS);

    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    const published: Record<string, unknown>[] = body.keys;
    expect(published.map(({ kid, use }) => [kid, use])).toEqual(
      keys.map(({ kid }) => [kid, 'sig']),
    );
    const members = published.flatMap((key) => Object.keys(key));
    expect(members.filter((name) => PRIVATE_MEMBERS.has(name))).toEqual([]);
  });

  it('is accepted by jose, which knows only the published keys', async () => {
    const { payload } = await verifyElsewhere(user.token);

    expect(payload).toMatchObject({ refresh: false, sid: expect.any(String) });
  });

  it('rule 1: jose refuses the refresh token', async () => {
    await expect(verifyElsewhere(user.refresh_token)).rejects.toThrow();
  });

  it('comes with a refresh token that is signed by HMAC and works', async () => {
    const refreshed = await refresh(app, user);

    expect(decodeJwt(user.refresh_token).header.alg).toBe('HS256');
    expect(refreshed.status).toBe(201);
    expect(decodeJwt(refreshed.body.token).header.kid).toBe(keys[0]!.kid);
  });
});

describe('changing how access tokens are signed', () => {
  let app: TestApp;
  afterEach(() => app.close());

  /** Restarts with other variables. */
  const change = async (variables: Record<string, string>) => {
    Object.assign(app.env, variables);
    app = await app.restart();
  };

  it('publishes no key while HMAC signs', async () => {
    app = await TestApp.start();

    expect((await app.get(JWKS)).body).toEqual({ keys: [] });
  });

  it('from HMAC to a key file leaves every token valid', async () => {
    app = await TestApp.start();
    const before = await app.logIn();

    await change({ JWT_KEYS_FILE: writeKeys([generateJwk()]) });

    expect(await opens(app, before)).toBe(200);
    expect((await refresh(app, before)).status).toBe(201);
    expect(decodeJwt((await app.logIn()).token).header.alg).toBe('ES256');
  });

  it('to a new secret logs nobody out when the old one is JWT_SECRET_PREVIOUS', async () => {
    app = await TestApp.start({ env: { JWT_SECRET: 'one' } });
    const before = await app.logIn();

    await change({ JWT_SECRET: 'two', JWT_SECRET_PREVIOUS: 'one' });
    const after = (await refresh(app, before)).body;

    expect([await opens(app, before), await opens(app, after)]).toEqual([200, 200]);
    await change({ JWT_SECRET_PREVIOUS: '' });
    expect([await opens(app, before), await opens(app, after)]).toEqual([401, 200]);
  });

  it('to a new secret ends every token when the old one is not kept', async () => {
    app = await TestApp.start({ env: { JWT_SECRET: 'one' } });
    const before = await app.logIn();

    await change({ JWT_SECRET: 'two' });

    expect(await opens(app, before)).toBe(401);
    expect((await refresh(app, before)).body.errorCode).toBe('WRONG_REFRESH_TOKEN');
  });

  it('on one node first: the secret to come, as JWT_SECRET_PREVIOUS, is accepted already', async () => {
    app = await TestApp.start({ env: { JWT_SECRET: 'two', JWT_SECRET_PREVIOUS: 'one' } });
    const ofNewNode = await app.logIn();

    await change({ JWT_SECRET: 'one', JWT_SECRET_PREVIOUS: 'two' });

    expect(await opens(app, ofNewNode)).toBe(200);
    expect((await refresh(app, ofNewNode)).status).toBe(201);
  });

  it('rule 5: to a new secret leaves a code usable that was sent before', async () => {
    app = await TestApp.start({ env: { JWT_SECRET: 'one' } });
    const request = await app.requestCode();

    await change({ JWT_SECRET: 'two', JWT_SECRET_PREVIOUS: 'one' });

    expect((await app.requestCode(request.mobile)).code).toBe(request.code);
    expect((await app.post('/auth/tokens', request)).status).toBe(201);
  });
});
