import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { emptyDirectory } from '../support/server-process';
import { TestApp } from '../support/test-app';

const CONTRACT = JSON.parse(readFileSync(resolve(__dirname, '../../openapi.json'), 'utf8'));

const randomSecret = () => randomBytes(48).toString('base64');

interface Media {
  schema: object;
  example?: object;
  examples?: Record<string, { value: { statusCode: number; errorCode: string } }>;
}

interface Operation {
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

const OPERATIONS = Object.entries<Record<string, Operation>>(CONTRACT.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method} ${path}`,
      operation,
    })),
);

describe.each(OPERATIONS)('what the docs show of $name', ({ operation }) => {
  const ajv = addFormats(new Ajv({ strict: false })).addSchema(CONTRACT, 'api');
  const matches = ({ schema }: Media, example: unknown) =>
    ajv.validate(
      JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')),
      JSON.parse(JSON.stringify(example ?? null)),
    );
  const errors = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);

  it('is for each error of a status one example that is true of it', () => {
    for (const [status, { content }] of errors) {
      const media = content!['application/json']!;
      for (const [code, { value }] of Object.entries(media.examples!)) {
        expect(value).toMatchObject({ statusCode: Number(status), errorCode: code });
        expect([value, matches(media, value)]).toEqual([value, true]);
      }
    }
  });

  it('is for a request what it must have, and nothing that is made up', () => {
    for (const media of Object.values(operation.requestBody?.content ?? {})) {
      expect([media.example, matches(media, media.example)]).toEqual([media.example, true]);
      expect(JSON.stringify(media.example)).not.toContain('"string"');
      expect(media.example).not.toHaveProperty('captcha');
    }
  });
});

describe('the docs', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { PUBLIC_URL: 'https://auth.example.com/tandem' } });
  });
  afterAll(() => app.close());

  it.each(['/docs-json', '/docs-yaml'])(
    'give at %s openapi.json with our address',
    async (path) => {
      const { status, body } = await app.get(path);

      const contract = typeof body === 'string' ? JSON.parse(body) : body;
      expect(status).toBe(200);
      expect(contract).toEqual({
        ...CONTRACT,
        servers: [{ url: 'https://auth.example.com/tandem' }],
      });
    },
  );

  it.each(['/docs', '/docs/', '/docs/index.html'])(
    'have a page at %s with all its parts',
    async (page) => {
      const { body, headers } = await app.get(page);
      const parts = [...String(body).matchAll(/(?:src|href)="([^"]+)"/g)];
      const paths = parts.map(([, part]) => new URL(part!, `http://host${page}`).pathname);
      const answers = await Promise.all(paths.map((path) => app.get(path)));

      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(paths).toEqual(paths.map(() => expect.stringMatching(/^\/docs\/[\w.-]+$/)));
      expect(answers.map(({ status }) => status)).toEqual(Array(7).fill(200));
    },
  );

  it.each([
    ['null', 'null', 'application/json'],
    ['nothing', '', 'application/json'],
    ['half an object', '{', 'application/json'],
    ['a text', 'some text', 'text/plain'],
    ['20 KB', 'x'.repeat(20_000), 'application/json'],
  ])(
    'say what PUT /auth/tokens answers to a body that it does not take: %s',
    async (_, body, type) => {
      const { refresh_token: token } = await app.logIn();

      const { status } = await app.put('/auth/tokens', body, {
        token,
        headers: { 'content-type': type },
      });

      const { responses } = CONTRACT.paths['/auth/tokens'].put;
      expect(Object.keys(responses)).toContain(String(status));
    },
  );

  it('are where the bare address leads outside production', async () => {
    const root = await fetch(`${app.baseUrl}/`, { redirect: 'manual' });

    expect([root.status, root.headers.get('location')]).toEqual([302, '/docs']);
    expect((await app.post('/', {})).status).toBe(404);
  });

  it('are nowhere that it leads in production', async () => {
    const production = await TestApp.start({
      env: {
        NODE_ENV: 'production',
        DATABASE_URL: `sqlite:${emptyDirectory()}/tandem.db`,
        REDIS_URL: 'none',
        JWT_SECRET: randomSecret(),
        SMS_WEBHOOK_SECRET: randomSecret(),
      },
    });

    const { status } = await production.get('/');

    await production.close();
    expect(status).toBe(404);
  });

  it.each(['index.js', 'openapi.json', '..%2Fmain.js', 'constructor', '%00'])(
    'have no file %s',
    async (file) => {
      expect((await app.get(`/docs/${file}`)).body).toMatchObject({ errorCode: 'NOT_FOUND' });
    },
  );
});
