import { problemsOf } from '../support/env-problems';
import { CONSOLE } from '../support/console';
import { exactRequest } from '../support/exact-request';
import { TestApp } from '../support/test-app';

describe('/console', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({
      env: {
        ...CONSOLE,
        CONSOLE_HOST: 'console.example.com',
        PUBLIC_URL: 'https://auth.example.com/id',
      },
    });
  });
  afterAll(() => app.close());

  const get = (path: string, host = 'console.example.com') =>
    exactRequest(app.baseUrl, 'GET', path, { host });

  it('is a page without data or code, which loads scripts of this server alone', async () => {
    const { status, headers, text } = await get('/console/users/1');
    const policy = headers['content-security-policy'];

    expect(status).toBe(200);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(text).not.toMatch(/<script[^>]*>[^<]/);
    expect(text).toContain('src="/id/console/assets/main-');
  });

  it('serves files that browsers keep for ever, and nothing else from its folder', async () => {
    const { text } = await get('/console');
    const [, script] = /src="\/id(\/console\/assets\/[^"]+)"/.exec(text)!;

    const { status, headers } = await get(script!);
    const elsewhere = await get('/console/assets/index.html');

    expect([status, headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect([elsewhere.status, elsewhere.headers['cache-control']]).toEqual([404, 'no-store']);
  });

  it('is not there under another host name', async () => {
    expect((await get('/console', 'auth.example.com')).status).toBe(404);
    expect((await get('/console', 'console.example.com:443')).status).toBe(200);
  });

  it('refuses to start without the login page and the cookie, and at a host of another site', () => {
    expect(problemsOf({ CONSOLE: 'on' })).toEqual([
      expect.stringContaining('CONSOLE needs LOGIN_PAGE=on'),
      expect.stringContaining('CONSOLE needs REFRESH_COOKIE=on'),
    ]);
    const elsewhere = { CONSOLE_HOST: 'example.net', PUBLIC_URL: 'https://auth.example.com' };
    expect(problemsOf({ ...CONSOLE, ...elsewhere })).toEqual([
      expect.stringContaining('CONSOLE_HOST must be of the same site as PUBLIC_URL'),
    ]);
  });
});
