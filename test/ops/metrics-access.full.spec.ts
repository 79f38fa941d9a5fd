import { metrics } from '../../src/ops/checks/exposure';
import { RemoteServer } from '../../src/ops/checks/remote-server';
import { exactRequest } from '../support/exact-request';
import { type Meddling, Proxy } from '../support/proxy';
import { expectRefusal } from '../support/refusal';
import { freePort } from '../support/servers/free-port';
import { TestApp } from '../support/test-app';

const METRICS_TOKEN = 'oX0cBqvO2mB7n7tG0b4Kk1m5q3y8';

describe('who may read the metrics', () => {
  let app: TestApp;

  afterEach(() => app.close());

  it('is whoever has the token, where there is one', async () => {
    app = await TestApp.start({ env: { METRICS_TOKEN } });
    const { token } = await app.logIn();
    const read = (authorization: string) => app.get('/metrics', { headers: { authorization } });

    expect((await read(`Bearer ${METRICS_TOKEN}`)).body).toContain('# HELP');
    const others = [
      await app.get('/metrics'),
      await app.send('HEAD', '/metrics'),
      await read(`Basic ${METRICS_TOKEN}`),
      await read(`Bearer ${METRICS_TOKEN}x`),
      await read(`Bearer ${METRICS_TOKEN.slice(1)}`),
      await read(`Bearer ${token}`),
    ];
    expect(others.map(({ status }) => status)).toEqual(Array(others.length).fill(401));
    expect(others[0]!.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('is whoever reaches their own port, which serves nothing else', async () => {
    const port = await freePort();
    app = await TestApp.start({ env: { METRICS_PORT: String(port) } });
    const apart = `http://127.0.0.1:${port}`;

    const { status, text } = await exactRequest(apart, 'GET', '/metrics');
    expect([status, text.includes('# HELP')]).toEqual([200, true]);
    expectRefusal(await app.get('/metrics'), 'NOT_FOUND');
    for (const path of ['/health/live', '/users/me', '/docs', '/nowhere', '/']) {
      const answer = await exactRequest(apart, 'GET', path);
      expectRefusal({ status: answer.status, body: JSON.parse(answer.text) }, 'NOT_FOUND');
    }
    expect((await app.get('/health/live')).status).toBe(200);
  });

  it('is who has both, where both are set, and the port is closed with the server', async () => {
    const port = await freePort();
    app = await TestApp.start({ env: { METRICS_PORT: String(port), METRICS_TOKEN } });
    const apart = `http://127.0.0.1:${port}`;
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` };

    expect((await exactRequest(apart, 'GET', '/metrics')).status).toBe(401);
    expect((await exactRequest(apart, 'GET', '/metrics', headers)).status).toBe(200);
    await app.nest.close();
    await expect(exactRequest(apart, 'GET', '/metrics', headers)).rejects.toThrow();
  });

  it.each<[status: string, where: string, env: Record<string, string>, Meddling]>([
    ['warning', 'everyone may', {}, {}],
    ['ok', 'a token is asked for', { METRICS_TOKEN }, {}],
    ['ok', 'the proxy keeps the path to itself', {}, { instead: hiding() }],
    ['problem', 'another spelling leads there', {}, { instead: hiding('/%6Detrics') }],
    ['problem', 'a fragment leads there', {}, { instead: hiding('/metrics#x') }],
  ])('is told by the doctor: %s, when %s', async (status, _, env, meddling) => {
    app = await TestApp.start({ env });
    const proxy = await Proxy.before(app.baseUrl, meddling);

    expect(await metrics(new RemoteServer(new URL(proxy.url)))).toMatchObject({ status });

    await proxy.close();
  });
});

/** A proxy that keeps `/metrics` to itself, and a server that takes another spelling for it. */
function hiding(spelling?: string): Meddling['instead'] {
  return ({ url }) => {
    if (url === spelling) return { status: 200, text: '# HELP' };
    return new URL(`http://a${url}`).pathname === '/metrics' ? { status: 404 } : undefined;
  };
}
