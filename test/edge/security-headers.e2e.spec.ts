import { exactRequest } from '../support/exact-request';
import { rawRequest } from '../support/raw-request';
import { TestApp } from '../support/test-app';

const API_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};
/** What a page needs besides. */
const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
const HSTS = 'strict-transport-security';
const TELL_TALES = ['server', 'x-powered-by', 'via', 'set-cookie', 'content-encoding', 'location'];

/** What a client may say of the name under which it reached the server. */
const OTHER_NAMES = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'ftp',
  'x-forwarded-port': '666',
  'x-forwarded-prefix': '/evil.example',
  'x-forwarded-server': 'evil.example',
  'x-original-host': 'evil.example',
  'x-host': 'evil.example',
  forwarded: 'host=evil.example;proto=ftp',
  origin: 'https://evil.example',
  referer: 'https://evil.example/',
};
const ROUTES = [
  ['GET', '/users/me'],
  ['GET', '/health/live'],
  ['GET', '/nowhere'],
  ['GET', '/%ff'],
  ['OPTIONS', '/users/me'],
  ['POST', '/auth/codes'],
  ['GET', '/docs'],
  ['GET', '/docs/'],
  ['GET', '/docs/swagger-initializer.js'],
  ['GET', '/docs-json'],
  ['GET', '/.well-known/jwks.json'],
] as const;

describe('what every answer says to browsers', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { PUBLIC_URL: 'https://auth.example.com' } });
  });
  afterAll(() => app.close());

  it.each([
    ['200', 'GET', '/health/live'],
    ['204', 'DELETE', '/auth/tokens'],
    ['400', 'POST', '/auth/codes'],
    ['401', 'GET', '/users/me'],
    ['404', 'GET', '/nowhere'],
    ['400 of a path that cannot be decoded', 'GET', '/%ff'],
  ])('is the same for a %s', async (status, method, path) => {
    const { token } = status === '204' ? await app.logIn() : { token: undefined };

    const answer = await app.send(method, path, undefined, { token });

    expect(String(answer.status)).toBe(status.slice(0, 3));
    expect(Object.fromEntries(answer.headers)).toMatchObject(API_HEADERS);
    for (const name of TELL_TALES) expect([name, answer.headers.get(name)]).toEqual([name, null]);
  });

  it('is the same for what is no HTTP', async () => {
    const { head } = await rawRequest(app.baseUrl, 'BREW / HTTP/1.1\r\n\r\n');

    const lines = Object.entries(API_HEADERS).map(([name, value]) => `${name}: ${value}`);
    expect(head.split('\r\n')).toEqual(expect.arrayContaining(lines.map((l) => l.toLowerCase())));
  });

  it.each(ROUTES)('holds nothing of what %s %s says of our name', async (method, path) => {
    const [plain, spoofed] = [
      await exactRequest(app.baseUrl, method, path),
      await exactRequest(app.baseUrl, method, path, OTHER_NAMES),
    ];

    for (const answer of [plain, spoofed]) {
      delete answer.headers.date;
      answer.text = answer.text.replace(/"request_id":"[^"]*"/, '');
    }
    expect(spoofed).toEqual(plain);
  });

  it.each(['/users/me', '/docs-json', '/docs/swagger-ui-bundle.js'])(
    'comes uncompressed from %s, so that its length tells nothing of its content',
    async (path) => {
      const headers = { 'accept-encoding': 'gzip, deflate, br' };

      const answer = await exactRequest(app.baseUrl, 'GET', path, headers);

      expect(answer.headers['content-encoding']).toBeUndefined();
    },
  );

  it('binds browsers to https where the public address has it, and nowhere else', async () => {
    const isBound = async () => (await app.get('/health/live')).headers.get(HSTS);

    expect(await isBound()).toBe('max-age=31536000');
    app = await app.restart({ env: { PUBLIC_URL: 'http://127.0.0.1:3000' } });
    expect(await isBound()).toBeNull();
  });

  it.each(['/docs', '/docs/', '/docs/index.html'])(
    'lets the page at %s load what it is made of, from here',
    async (path) => {
      const { headers, body } = await app.get(path);

      expect(Object.fromEntries(headers)).toMatchObject(PAGE_HEADERS);
      const policy = String(headers.get('content-security-policy')).split(';');
      expect(policy).toEqual([
        "default-src 'none'",
        "base-uri 'none'",
        "connect-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
      ]);
      const scripts = [...String(body).matchAll(/<script([^>]*)>([^<]*)/g)];
      const links = [...String(body).matchAll(/<link[^>]+href="([^"]*)"/g)];
      expect(scripts).toHaveLength(3);
      for (const [, attributes, code] of scripts) {
        expect(attributes).toMatch(/^ src="\.\//);
        expect(code!.trim()).toBe('');
      }
      for (const [, href] of links) expect(href).toMatch(/^\.\//);
      expect(String(body)).not.toMatch(/\son\w+=|javascript:/i);
    },
  );
});
