import { rawRequest } from './support/raw-request';
import { expectRefusal } from './support/refusal';
import { TestApp } from './support/test-app';

const UNKNOWN_PATHS = [
  '/',
  '//',
  '/nope',
  '/auth',
  '/users/me/',
  '/users//me',
  '/USERS/ME',
  '/users/me;a=b',
  '/users/me%00',
  '/users/me%2f..%2fme',
];
const UNDECODABLE_PATHS = ['/%', '/%zz', '/%ff', '/users/%E0%A4%A', '/users/me%'];

const WRONG_METHODS = [
  ['GET', '/auth/codes'],
  ['PUT', '/auth/codes'],
  ['PATCH', '/auth/tokens'],
  ['GET', '/auth/login'],
  ['POST', '/users/me'],
  ['DELETE', '/users/me'],
  ['POST', '/users/me/password'],
  ['POST', '/health/live'],
  ['OPTIONS', '/auth/codes'],
  ['PROPFIND', '/users/me'],
] as const;

const MANGLED = {
  'an unknown method': 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n',
  'another protocol': '\x16\x03\x01\x02\x00\x01\x00',
  'an unknown version of HTTP': 'GET / HTTP/9.9\r\nHost: a\r\n\r\n',
  'a malformed header': 'GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n',
  'two lengths': post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
  'a length that is no number': post('Content-Length: two\r\n\r\n{}'),
  'a chunk size that is no number': post('Transfer-Encoding: chunked\r\n\r\ntwo\r\n{}'),
};

function post(rest: string): string {
  return `POST /auth/codes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${rest}`;
}

describe('requests that cannot be served', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    ({ token } = await app.logIn());
  });
  afterAll(() => app.close());

  it.each(UNKNOWN_PATHS)('answers 404 for the path %s', async (path) => {
    expectRefusal(await app.get(path, { token }), 'NOT_FOUND');
  });

  it('answers 404 for a path of 8000 characters', async () => {
    expectRefusal(await app.get(`/${'a'.repeat(8000)}`, { token }), 'NOT_FOUND');
  });

  it.each(UNDECODABLE_PATHS)('answers 400 for the path %s', async (path) => {
    const answer = await app.get(path, { token });

    expectRefusal(answer, 'REQUEST_REFUSED');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each(WRONG_METHODS)('answers 404 for %s %s', async (method, path) => {
    expectRefusal(await app.send(method, path, undefined, { token }), 'NOT_FOUND');
  });

  it.each([
    ['/users/me', 401],
    ['/health/live', 200],
    ['/auth/codes', 404],
  ])('answers HEAD %s with %d and no body', async (path, status) => {
    const answer = await app.send('HEAD', path);

    expect([answer.status, answer.body]).toEqual([status, '']);
  });

  it.each(Object.entries(MANGLED))('answers 400 for %s and hangs up', async (_, bytes) => {
    const answer = await rawRequest(app.baseUrl, bytes);

    expectRefusal(answer, 'REQUEST_REFUSED');
    expect(answer.head).toContain('connection: close');
  });

  it('answers 431 for headers that are too large', async () => {
    const answer = await app.get('/health/live', { headers: { 'x-large': 'a'.repeat(20_000) } });

    expectRefusal(answer, 'REQUEST_REFUSED', 431);
  });
});
