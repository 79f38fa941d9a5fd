import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TestApp } from '../support/test-app';

const CONTRACT = JSON.parse(readFileSync(resolve(__dirname, '../../openapi.json'), 'utf8'));

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

  it.each(['index.js', 'openapi.json', '..%2Fmain.js', 'constructor', '%00'])(
    'have no file %s',
    async (file) => {
      expect((await app.get(`/docs/${file}`)).body).toMatchObject({ errorCode: 'NOT_FOUND' });
    },
  );
});
