import { TandemVerifierModule } from '@tandem/verifier';
import { FaultProxy } from '../support/fault-proxy';
import { HttpRecorder } from '../support/http-recorder';
import { generateJwk, signWith, writeKeys } from '../support/jwk';
import { decodeJwt, sessionIdOf, userIdOf } from '../support/jwt';
import { basic, SERVICE, SERVICE_CLIENTS } from '../support/service-client';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { type Adapter, startService, startServiceWith } from '../support/verifier-app';

const jwk = generateJwk();
let tandem: TestApp;

beforeAll(async () => {
  const env = { SERVICE_CLIENTS, JWT_KEYS_FILE: writeKeys([jwk]), ACCESS_TOKEN_TTL: '1h' };
  tandem = await TestApp.start({ env });
});
afterAll(() => tandem.close());

const portOf = (url: string) => Number(new URL(url).port);

describe.each<Adapter>(['Express', 'Fastify'])('a service on %s with the verifier', (adapter) => {
  let service: Awaited<ReturnType<typeof startService>>;

  beforeAll(async () => {
    service = await startService({ url: tandem.baseUrl }, adapter);
  });
  afterAll(() => service.close());

  const call = (token?: string, path = '/caller') => service.client.get(path, { token });

  it('knows the caller, and all that the token says', async () => {
    const { token } = await tandem.logIn();

    const { status, body } = await call(token);

    expect(status).toBe(200);
    expect(body).toEqual({
      tokenUse: 'access',
      userId: userIdOf(token),
      sessionId: sessionIdOf(token),
      claims: decodeJwt(token).claims,
    });
  });

  it('refuses with the answers of Tandem itself', async () => {
    const { refresh_token } = await tandem.logIn();

    for (const token of [undefined, 'garbage']) {
      const answer = await call(token);
      const { request_id: _, ...own } = (await tandem.get('/users/me', { token })).body;
      expect([answer.status, answer.body]).toEqual([401, own]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    const answer = await call(refresh_token);
    const { request_id: _, ...own } = (await tandem.get('/users/me', { token: refresh_token }))
      .body;
    expect([answer.status, answer.body]).toEqual([403, own]);
  });

  it('learns who a user is, from Tandem', async () => {
    const { token } = await tandem.logIn();
    const headers = basic();
    const path = `/auth/users/${userIdOf(token)}`;

    const { body } = await call(token, `/people/${userIdOf(token)}`);

    expect(body.user).toMatchObject({ id: userIdOf(token), status: 'active', locale: null });
    expect(body.user).toEqual((await tandem.get(path, { headers })).body);
  });

  it.each(['1', 'me', '1%2F2', '..%2Frevocations'])(
    'learns that there is no user %s',
    async (id) => {
      const { token } = await tandem.logIn();

      const { status, body } = await call(token, `/people/${id}`);

      expect([status, body]).toEqual([200, { user: null }]);
    },
  );

  it('leaves public routes open', async () => {
    expect((await call(undefined, '/public')).body).toBe('open');
  });

  it('refuses an access token within 2 s of its logout', async () => {
    const { token } = await tandem.logIn();
    expect((await call(token)).status).toBe(200);

    await tandem.delete('/auth/tokens', { token });

    await until(async () => (await call(token)).status === 401);
  });

  it('refuses tokens whose spelling, algorithm, kind or holder is not what Tandem writes', async () => {
    const { token } = await tandem.logIn();
    const jwt = decodeJwt(token);
    const [header, claims, signature] = token.split('.');
    const forged = [
      `${token}=`,
      `${token}.`,
      `${header}.${claims}`,
      `${header}.${claims}.${withOtherS(signature!)}`,
      signWith(generateJwk(), jwt),
      signWith(jwk, { ...jwt, header: { ...jwt.header, typ: 'JWT' } }),
      signWith(jwk, { ...jwt, header: { ...jwt.header, alg: 'none' } }),
      signWith(jwk, { ...jwt, claims: { ...jwt.claims, refresh: true } }),
      signWith(jwk, { ...jwt, claims: { ...jwt.claims, aud: 'others' } }),
      signWith(jwk, { ...jwt, claims: { ...jwt.claims, iss: 'others' } }),
      signWith(jwk, { ...jwt, claims: { ...jwt.claims, exp: 1 } }),
      signWith(jwk, { ...jwt, claims: { ...jwt.claims, sid: undefined } }),
    ];

    for (const other of forged) expect([other, (await call(other)).status]).toEqual([other, 401]);
    expect((await call(signWith(jwk, jwt))).status).toBe(200);
  });
});

describe('options of the verifier', () => {
  it.each([
    ['no address', { url: '' }, 'url must be'],
    ['an address with credentials', { url: 'https://a:b@example.com' }, 'url must be'],
    ['a client without a secret', { url: 'https://example.com', client: 'orders' }, 'client must'],
    ['no duration', { url: 'https://example.com', timeout: Number.NaN }, 'timeout must be'],
  ])('refuse the start with %s', async (_, options, problem) => {
    await expect(startService(options)).rejects.toThrow(problem);
  });

  it('may come from a factory', async () => {
    await using service = await startServiceWith(
      TandemVerifierModule.forRootAsync({
        inject: [],
        useFactory: async () => ({
          url: `${tandem.baseUrl}/`,
          client: `${SERVICE.name}:${SERVICE.secret}`,
        }),
      }),
    );
    const { token } = await tandem.logIn();

    expect((await service.client.get('/caller', { token })).status).toBe(200);
  });

  it.each(['issuer', 'audience'])('name another %s', async (name) => {
    await using service = await startService({ url: tandem.baseUrl, [name]: 'others' });
    const { token } = await tandem.logIn();

    expect((await service.client.get('/caller', { token })).status).toBe(401);
  });

  it('shorten how old a token may be, since older sessions are forgotten', async () => {
    await using service = await startService({ url: tandem.baseUrl, accessTokenTtl: 60 });
    const { header, claims } = decodeJwt((await tandem.logIn()).token);
    const aged = (seconds: number) =>
      signWith(jwk, { header, claims: { ...claims, iat: Number(claims.iat) - seconds } });

    expect((await service.client.get('/caller', { token: aged(30) })).status).toBe(200);
    expect((await service.client.get('/caller', { token: aged(90) })).status).toBe(401);
  });
});

describe('while Tandem is away', () => {
  let network: FaultProxy;

  beforeEach(async () => {
    network = await FaultProxy.before(portOf(tandem.baseUrl));
  });
  afterEach(() => network.close());

  const start = (options = {}) =>
    startService({ url: `http://127.0.0.1:${network.port}`, pollInterval: 0.1, ...options });

  it('a service that has started before knows the same callers, and the same ended sessions', async () => {
    const [live, ended] = [await tandem.logIn(), await tandem.logIn()];
    await using service = await start();
    await tandem.delete('/auth/tokens', { token: ended.token });
    const status = async ({ token }: { token: string }) =>
      (await service.client.get('/caller', { token })).status;
    await until(async () => (await status(ended)) === 401);

    network.break({ kind: 'reset' });

    expect([await status(live), await status(ended)]).toEqual([200, 401]);
  });

  it('the list holds no longer than it may, and the answer is 503', async () => {
    const { token } = await tandem.logIn();
    await using service = await start({ maxStaleness: 1 });
    const call = () => service.client.get('/caller', { token });
    expect((await call()).status).toBe(200);

    network.break({ kind: 'reset' });
    await until(async () => (await call()).status === 503);

    expect((await call()).headers.get('retry-after')).toBe('1');
    network.heal();
    await until(async () => (await call()).status === 200);
  });

  it('what is asked about users is answered 503', async () => {
    const { token } = await tandem.logIn();
    await using service = await start();
    const read = () => service.client.get(`/people/${userIdOf(token)}`, { token });
    expect((await read()).status).toBe(200);

    network.break({ kind: 'reset' });

    const { status, body } = await read();
    expect([status, body.errorCode]).toEqual([503, 'UNAVAILABLE']);
  });

  it('a service that starts answers 503, never 401, and learns when Tandem is back', async () => {
    const { token } = await tandem.logIn();
    network.break({ kind: 'reset' });
    await using service = await start();
    const call = () => service.client.get('/caller', { token });

    expect((await call()).status).toBe(503);

    network.heal();
    await until(async () => (await call()).status === 200);
  });
});

describe('what a service asks of Tandem', () => {
  it('is every page once, then only whether anything was added', async () => {
    const recorder = await HttpRecorder.start();
    recorder.answer(
      { body: { keys: [] } },
      {
        headers: { etag: '"a"' },
        body: { revocations: [{ sid: '1' }], cursor: '7-1-1', more: true },
      },
      {
        headers: { etag: '"b"' },
        body: { revocations: [{ sid: '2' }], cursor: '7', more: false },
      },
      { status: 304 },
    );
    const service = await startService({ url: recorder.url, pollInterval: 0.1 });

    await until(() => recorder.requests.length >= 5);

    const asked = recorder.requests.map(({ path, headers }) => [path, headers['if-none-match']]);
    expect(asked.slice(0, 5)).toEqual([
      ['/.well-known/jwks.json', undefined],
      ['/auth/revocations', undefined],
      ['/auth/revocations?after=7-1-1', '"a"'],
      ['/auth/revocations?after=7', '"b"'],
      ['/auth/revocations?after=7', '"b"'],
    ]);
    expect(recorder.requests[1]!.headers.authorization).toBe(basic().authorization);
    await service.close();
    await recorder.close();
  });
});

/** The other signature of ES256 that verifies as well. */
function withOtherS(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url');
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const other = Buffer.from(s.toString(16).padStart(64, '0'), 'hex');
  return Buffer.concat([bytes.subarray(0, 32), other]).toString('base64url');
}
