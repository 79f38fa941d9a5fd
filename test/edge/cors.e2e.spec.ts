import { Logger } from '@nestjs/common';
import { rawRequest } from '../support/raw-request';
import { TestApp } from '../support/test-app';

const ORIGIN = 'https://app.example.com';

describe('browsers of other origins', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { CORS_ORIGINS: `${ORIGIN},https://*.preview.example.com` } });
  });
  afterAll(() => app.close());

  const preflight = (method: string, origin: string) =>
    app.send('OPTIONS', '/auth/tokens', undefined, {
      headers: { origin, 'access-control-request-method': method },
    });

  const allowed = async (origin: string) =>
    (await preflight('PUT', origin)).headers.get('access-control-allow-origin');
  const credentials = async (origin: string) =>
    (await preflight('PUT', origin)).headers.get('access-control-allow-credentials');

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'may %s from an origin that is listed',
    async (method) => {
      const { status, headers } = await preflight(method, ORIGIN);

      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(headers.get('access-control-allow-methods')).toContain(method);
    },
  );

  it('may call from any host right below a domain that is listed, and from no other', async () => {
    expect(await allowed('https://pull-7.preview.example.com')).toBe(
      'https://pull-7.preview.example.com',
    );
    for (const origin of [
      'https://preview.example.com',
      'https://.preview.example.com',
      'https://*.preview.example.com',
      'https://a.b.preview.example.com',
      'http://pull-7.preview.example.com',
      'https://pull-7.preview.example.com:8443',
      'https://pull-7.preview.example.com.evil.example',
      'https://evil.example/.preview.example.com',
    ]) {
      expect([origin, await allowed(origin)]).toEqual([origin, null]);
    }
  });

  it('may send the key of their session with a refresh', async () => {
    const { headers } = await app.send('OPTIONS', '/auth/tokens', undefined, {
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,idempotency-key',
      },
    });

    expect(headers.get('access-control-allow-headers')).toContain('idempotency-key');
  });

  it('may read when to try again', async () => {
    const { headers } = await app.get('/health/live', { headers: { origin: ORIGIN } });

    expect(headers.get('access-control-expose-headers')).toContain('Retry-After');
  });

  it.each([
    'https://evil.example.com',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com.evil.example',
    'https://evil-app.example.com',
    'https://APP.example.com',
    'null',
    '*',
  ])('may do nothing from %s, which is not listed', async (origin) => {
    const answers = [
      await preflight('PUT', origin),
      await app.get('/users/me', { headers: { origin } }),
    ];

    for (const { headers } of answers)
      expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('need to ask again only after two hours', async () => {
    const { headers } = await preflight('PUT', ORIGIN);

    expect(headers.get('access-control-max-age')).toBe('7200');
  });

  it('may read why a request was refused before it reached a route', async () => {
    const refused = [
      ['GET /users/me%', 400, ''],
      ['GET /users/me', 400, 'Host: b\r\n'],
      ['GET /users/me', 431, 'a:b\r\n'.repeat(100)],
      ['GET /users/me', 431, `X-A: ${'b'.repeat(20_000)}\r\n`],
      ['BREW /users/me', 400, ''],
    ] as const;
    for (const [line, status, lines] of refused) {
      const head = `${line} HTTP/1.1\r\nHost: a\r\nOrigin: ${ORIGIN}\r\n`;
      const answer = await rawRequest(app.baseUrl, `${head}Connection: close\r\n${lines}\r\n`);

      expect([line, answer.status]).toEqual([line, status]);
      expect(answer.head).toContain(`access-control-allow-origin: ${ORIGIN}`);
    }
  });

  it('may send no cookies where there are none, nor take the answer to one origin for that to another', async () => {
    const answers = [
      await preflight('PUT', ORIGIN),
      await app.get('/nowhere', { headers: { origin: ORIGIN } }),
    ];

    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('vary')).toMatch(/\bOrigin\b/i);
    }
  });

  it('may send cookies only from an origin that is listed exactly', async () => {
    app = await app.restart({ env: { REFRESH_COOKIE: 'on' } });
    expect(await credentials(ORIGIN)).toBe('true');
    expect(await credentials('https://pull-7.preview.example.com')).toBeNull();
    expect(await credentials('https://evil.example.com')).toBeNull();
  });

  it('may do nothing at all unless origins are listed, and the log says once who asked', async () => {
    app = await app.restart({ env: { CORS_ORIGINS: '' } });
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);

    const answers = [
      await preflight('PUT', ORIGIN),
      await app.get('/nowhere', { headers: { origin: ORIGIN } }),
    ];

    await preflight('PUT', ORIGIN);
    await preflight('PUT', 'https://app.example.com/\u00e4');

    expect(warn.mock.calls).toEqual([[`Preflight refused: CORS_ORIGINS does not list ${ORIGIN}`]]);
    warn.mockRestore();
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    for (const { headers } of answers) {
      expect([...headers.keys()].filter((name) => /^(access-control|vary)/.test(name))).toEqual([]);
    }
  });
});
