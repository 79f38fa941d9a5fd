import { once } from 'node:events';
import { exactRequest } from '../support/exact-request';
import { open, rawRequest, textOf } from '../support/raw-request';
import { expectRefusal } from '../support/refusal';
import { TestApp } from '../support/test-app';

const UNKNOWN_PATHS = [
  '//',
  '/nope',
  '/auth',
  '/users/me/',
  '/users//me',
  '/USERS/ME',
  '/users/me;a=b',
  '/users/me%00',
  '/users/me%2F..%2Fme',
];
/** A proxy that compares texts does not see which route they lead to. */
const OTHER_SPELLINGS = [
  '/metrics#x',
  '/metrics?#',
  '/metrics#',
  '/%6Detrics',
  '/%6detrics',
  '/m%65trics',
  '/users%2fme',
  '/.well-known/jwks%2Ejson',
  'http://evil.example/metrics',
  'https://evil.example:1/metrics',
  'HTTP://evil.example/metrics',
  '*',
  '?x',
  '/health\\live',
  '/<script>',
  '/"',
];
const UNDECODABLE_PATHS = ['/%', '/%zz', '/%ff', '/users/%E0%A4%A', '/users/me%'];

const WRONG_METHODS = [
  ['GET', '/auth/codes'],
  ['PUT', '/auth/codes'],
  ['PATCH', '/auth/tokens'],
  ['GET', '/auth/login'],
  ['POST', '/users/me'],
  ['PUT', '/users/me'],
  ['POST', '/users/me/password'],
  ['POST', '/health/live'],
  ['OPTIONS', '/auth/codes'],
  ['PROPFIND', '/users/me'],
] as const;

const MANGLED = {
  'an unknown method': 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n',
  'a method in small letters': 'get / HTTP/1.1\r\nHost: a\r\n\r\n',
  'a tunnel': 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n',
  'a host and a port for a path': 'GET evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n',
  'another protocol': '\x16\x03\x01\x02\x00\x01\x00',
  'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'an unknown version of HTTP': 'GET / HTTP/9.9\r\nHost: a\r\n\r\n',
  'a space in the path': 'GET /users/me x HTTP/1.1\r\nHost: a\r\n\r\n',
  'a NUL in the path': 'GET /users/me\0 HTTP/1.1\r\nHost: a\r\n\r\n',
  'lines that end in LF': 'GET /users/me HTTP/1.1\nHost: a\n\n',
  'two lengths': post('Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}'),
  'one length twice': post('Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}'),
  'a list of lengths': post('Content-Length: 2, 2\r\n\r\n{}'),
  'a length and chunks': post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
  'a length that is no number': post('Content-Length: two\r\n\r\n{}'),
  'a length with a sign': post('Content-Length: +2\r\n\r\n{}'),
  'chunks twice': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
  'chunks of gzip': post('Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'),
  'chunks that are not the last coding': post('Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n'),
  'a transfer coding that looks like chunks': post('Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'),
  'chunks in HTTP/1.0': post('Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n').replace('1.1', '1.0'),
  'a chunk size that is no number': post('Transfer-Encoding: chunked\r\n\r\ntwo\r\n{}'),
  'a chunk with 20 KB of extensions': post(
    `Transfer-Encoding: chunked\r\n\r\n2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
  ),
};

/** Each would be served but for these header lines. */
const REFUSED_HEADERS: [what: string, status: number, lines: string[]][] = [
  ['no Host', 400, []],
  ['two Hosts', 400, ['Host: a', 'Host: b']],
  ['another token', 400, ['Host: a', 'authorization: Bearer other']],
  ['two types', 400, ['Host: a', 'Content-Type: text/plain', 'Content-Type: application/json']],
  ['a line without a colon', 400, ['Host: a', 'no colon']],
  ['a name with a space', 400, ['Host: a', 'X-A : b']],
  ['a name with a NUL', 400, ['Host: a', 'X\0A: b']],
  ['a value with a NUL', 400, ['Host: a', 'X-A: b\0c']],
  ['a value with a CR', 400, ['Host: a', 'X-A: b\rX-C: d']],
  ['a value with a LF', 400, ['Host: a', 'X-A: b\nX-C: d']],
  ['a folded line', 400, ['Host: a', 'X-A: b', ' c']],
  ['an expectation', 417, ['Host: a', 'Expect: a-miracle']],
  ['64 KB in one line', 431, ['Host: a', `X-A: ${'b'.repeat(65_536)}`]],
  [
    '64 KB in all',
    431,
    ['Host: a', ...Array.from({ length: 99 }, () => `X-A: ${'b'.repeat(660)}`)],
  ],
  ['100 lines', 431, ['Host: a', ...Array.from({ length: 99 }, () => 'a:b')]],
  ['3000 lines', 431, ['Host: a', ...Array.from({ length: 2999 }, () => 'a:b')]],
];

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

  it('survives clients that ask for a tunnel and reset the connection', async () => {
    for (let attempt = 0; attempt < 30; attempt++) {
      const socket = open(app.baseUrl);
      await once(socket, 'connect');
      socket.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', () => socket.resetAndDestroy());
      await once(socket, 'close');
    }

    expect((await app.get('/health/live')).status).toBe(200);
  });

  const withToken = (...lines: string[]) =>
    ['GET /users/me HTTP/1.1', `Authorization: Bearer ${token}`, ...lines, '', ''].join('\r\n');

  it.each(REFUSED_HEADERS)('beside a valid token refuses %s with %d', async (_, status, lines) => {
    const answer = await rawRequest(app.baseUrl, withToken(...lines));

    expectRefusal(answer, 'REQUEST_REFUSED', status);
    expect(answer.head).toContain('connection: close');
  });

  it('beside a valid token takes as many headers as are allowed', async () => {
    const others = Array.from({ length: 97 }, () => 'a:b');

    const answer = await rawRequest(
      app.baseUrl,
      withToken('Host: a', 'Connection: close', ...others),
    );

    expect(answer.status).toBe(200);
  });

  it.each(OTHER_SPELLINGS)('answers 400 for the target %s', async (target) => {
    const answer = await rawRequest(
      app.baseUrl,
      `GET ${target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );

    expectRefusal(answer, 'REQUEST_REFUSED');
    expect(answer.head).toContain('connection: close');
  });

  it.each(['/health/live?x=%6c', '/health/live?', '/health/live?a=/../b?c'])(
    'serves %s, whose query is not of its route',
    async (path) => {
      expect((await exactRequest(app.baseUrl, 'GET', path)).status).toBe(200);
    },
  );

  it.each([
    '/docs/../package.json',
    '/docs/%2e%2e/package.json',
    '/docs/%2e%2e/docs-json',
    '/docs/..%2f..%2fpackage.json',
    '/docs/%00',
  ])('keeps %s to itself', async (path) => {
    const { status, text } = await exactRequest(app.baseUrl, 'GET', path);

    expect([400, 403, 404]).toContain(status);
    expectRefusal(
      { status, body: JSON.parse(text) },
      status === 404 ? 'NOT_FOUND' : 'REQUEST_REFUSED',
      status,
    );
  });

  it('puts no refusal into an answer that is on its way', async () => {
    const socket = open(app.baseUrl);
    socket.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n');
    const received = textOf(socket);
    await once(socket, 'data');
    socket.write('BREW / HTTP/1.1\r\n\r\n');

    expect((await received).includes('REQUEST_REFUSED')).toBe(false);
  });
});
