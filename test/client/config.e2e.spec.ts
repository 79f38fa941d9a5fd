import { TestApp } from '../support/test-app';

describe('GET /auth/config', () => {
  const apps: TestApp[] = [];
  const configWith = async (env: Record<string, string>) => {
    const app = await TestApp.start({ env });
    apps.push(app);
    return app.get('/auth/config');
  };

  afterAll(() => Promise.all(apps.map((app) => app.close())));

  it('tells what a form needs to know', async () => {
    const { status, headers, body } = await configWith({
      SMS_COUNTRIES: 'HK,CN',
      CAPTCHA: 'turnstile',
      CAPTCHA_SECRET: 'the secret of nobody',
      CAPTCHA_SITE_KEY: '0x4AAAAAAA',
      REFRESH_COOKIE: 'on',
      REFRESH_ROTATION: 'on',
    });

    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    expect(body).toEqual({
      countries: [
        { code: 'CN', calling_code: '86' },
        { code: 'HK', calling_code: '852' },
      ],
      default_country: 'HK',
      country_by_locale: { 'zh-CN': 'CN', 'zh-TW': 'HK' },
      code_length: 6,
      captcha: { kind: 'turnstile', site_key: '0x4AAAAAAA' },
      refresh_rotation: true,
      refresh_cookie: true,
      password_login: true,
      signup: 'open',
      terms_version: null,
      terms_url: null,
      locales: expect.arrayContaining(['en', 'zh-CN', 'ar']),
    });
  });

  it('lists all countries, and offers people of every language their own, when none is named', async () => {
    const { body } = await configWith({ SMS_COUNTRIES: '*', CAPTCHA: 'off' });

    expect(body.countries.length).toBeGreaterThan(200);
    expect(body).toMatchObject({ default_country: null, captcha: null });
    expect(Object.keys(body.country_by_locale)).toEqual(body.locales);
    expect(body.country_by_locale).toMatchObject({ en: 'US', 'zh-TW': 'TW', 'pt-BR': 'BR' });
  });

  it('is not sent again to who has it, and has another tag when it has changed', async () => {
    const [app] = apps;
    const etag = (await app!.get('/auth/config')).headers.get('etag')!;

    const again = await app!.get('/auth/config', { headers: { 'if-none-match': etag } });

    expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await configWith({})).headers.get('etag')).not.toBe(etag);
  });
});
