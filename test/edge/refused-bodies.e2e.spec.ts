import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { BODY_ROUTES } from '../support/body-routes';
import { rawRequest } from '../support/raw-request';
import { expectRefusal } from '../support/refusal';
import { TestApp } from '../support/test-app';

const LIMIT = 16 * 1024;
const OTHER_TYPES = [
  'text/plain',
  'text/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/jsonx',
  'application/vnd.api+json',
  'application/octet-stream',
  'json',
  '*/*',
];
const CODED = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  'gzip, gzip': (text: string) => gzipSync(gzipSync(text)),
};
const JSON_TYPES = ['application/json; charset=utf-8', 'Application/JSON'];

const post = (...headers: string[]) =>
  ['POST /auth/codes HTTP/1.1', 'Host: tandem', ...headers, '\r\n'].join('\r\n');

describe('bodies of the wrong type or size', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    ({ token } = await app.logIn());
  });
  afterAll(() => app.close());

  describe.each(BODY_ROUTES)('$route', ({ method, path, body }) => {
    const send = (content: string, type: string) =>
      app.send(method, path, content, { token, headers: { 'content-type': type } });

    it.each(OTHER_TYPES)('refuses %s with 415', async (type) => {
      expectRefusal(await send(JSON.stringify(body), type), 'UNSUPPORTED_MEDIA_TYPE');
    });

    it.each(JSON_TYPES)('reads %s', async (type) => {
      expectRefusal(await send('{}}', type), 'VALIDATION_FAILED');
    });

    it.each([LIMIT + 1, 1024 * 1024])('refuses %d bytes with 413', async (size) => {
      const content = JSON.stringify(body).padEnd(size);

      expectRefusal(await send(content, 'application/json'), 'PAYLOAD_TOO_LARGE');
    });

    it.each(Object.entries(CODED))('refuses %s with 415', async (coding, compress) => {
      const headers = { 'content-encoding': coding };
      const content = new Uint8Array(compress(JSON.stringify(body)));

      const answers = [
        await app.send(method, path, content, { token, headers }),
        await app.send(method, path, body, { token, headers }),
      ];

      for (const answer of answers) expectRefusal(answer, 'UNSUPPORTED_MEDIA_TYPE');
    });

    it('reads as many bytes as are allowed', async () => {
      const content = '{"unknown":1}'.padEnd(LIMIT);

      expectRefusal(await send(content, 'application/json'), 'VALIDATION_FAILED');
    });
  });

  it.each(['null', '""', '[1]', '{"a":', '', 'text'])(
    'reads no body where there is none to be sent: %j',
    async (body) => {
      const { refresh_token } = await app.logIn();
      const answers = [
        await app.put('/auth/tokens', body, { token: refresh_token }),
        await app.send('PUT', '/auth/tokens', body, {
          token: refresh_token,
          headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
        }),
        await app.send('DELETE', '/auth/tokens', body, { token: refresh_token }),
      ];

      expect(answers.map(({ status }) => status)).toEqual([201, 201, 204]);
    },
  );

  it('refuses a body of undeclared size with 413 once it is too large', async () => {
    const chunk = `4001\r\n${' '.repeat(LIMIT + 1)}\r\n`;

    const head = post('Content-Type: application/json', 'Transfer-Encoding: chunked');

    const answer = await rawRequest(app.baseUrl, head + chunk);

    expectRefusal(answer, 'PAYLOAD_TOO_LARGE');
  });

  it('refuses 10 MB that are sent as 10 KB with 415', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(10_000_000, ' ')));

    const answer = await app.post('/auth/codes', bomb, { headers: { 'content-encoding': 'gzip' } });

    expect(bomb.length).toBeLessThan(LIMIT);
    expectRefusal(answer, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('refuses a body without a type with 415', async () => {
    const answer = await rawRequest(app.baseUrl, `${post('Content-Length: 2')}{}`);

    expectRefusal(answer, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it.each([undefined, 'application/json', 'text/plain', 'application/x-www-form-urlencoded'])(
    'takes requests without a body whatever they say of its type (%s)',
    async (type) => {
      const headers: Record<string, string> = type ? { 'content-type': type } : {};
      const session = await app.logIn();
      const options = { token: session.refresh_token, headers };

      const answers = [
        await app.get('/users/me', { token: session.token, headers }),
        await app.put('/auth/tokens', undefined, options),
        await app.put('/auth/tokens', '', options),
        await app.delete('/auth/tokens', options),
      ];

      expect(answers.map(({ status }) => status)).toEqual([200, 201, 201, 204]);
    },
  );
});
