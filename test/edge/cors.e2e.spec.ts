import { TestApp } from '../support/test-app';

const ORIGIN = 'https://app.example.com';

describe('browsers of other origins', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { CORS_ORIGINS: ORIGIN } });
  });
  afterAll(() => app.close());

  const preflight = (method: string, origin: string) =>
    app.send('OPTIONS', '/auth/tokens', undefined, {
      headers: { origin, 'access-control-request-method': method },
    });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'may %s from an origin that is listed',
    async (method) => {
      const { status, headers } = await preflight(method, ORIGIN);

      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(headers.get('access-control-allow-methods')).toContain(method);
    },
  );

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

  it('may never send cookies, nor take the answer to one origin for that to another', async () => {
    const answers = [
      await preflight('PUT', ORIGIN),
      await app.get('/', { headers: { origin: ORIGIN } }),
    ];

    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('vary')).toMatch(/\bOrigin\b/i);
    }
  });

  it('may do nothing at all unless origins are listed', async () => {
    app = await app.restart({ env: { CORS_ORIGINS: '' } });

    const answers = [
      await preflight('PUT', ORIGIN),
      await app.get('/', { headers: { origin: ORIGIN } }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    for (const { headers } of answers) {
      expect([...headers.keys()].filter((name) => /^(access-control|vary)/.test(name))).toEqual([]);
    }
  });
});
