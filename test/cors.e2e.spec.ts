import { TestApp } from './support/test-app';

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

  it('may do nothing from an origin that is not listed', async () => {
    const { headers } = await preflight('PUT', 'https://evil.example.com');

    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});
