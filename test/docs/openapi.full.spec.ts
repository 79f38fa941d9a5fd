import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OUTCOMES } from '../support/api-outcomes';
import { ApiWorld } from '../support/api-world';
import { ApiDocument } from '../support/openapi';
import { emptyDirectory } from '../support/server-process';

const VALIDATOR = require.resolve('@seriousme/openapi-schema-validator/bin/validate-api-cli.js');
/** How the server itself says, when it starts, which routes it has. */
const MAPPED_ROUTE = /Mapped \{([^,]+), ([A-Z]+)\} route/;

describe('the OpenAPI document', () => {
  let world: ApiWorld;
  let api: ApiDocument;

  beforeAll(async () => {
    world = await ApiWorld.start();
    api = await ApiDocument.of(world.server);
  });
  afterAll(() => world.stop());

  it('is valid', async () => {
    const { body } = await world.server.get('/docs-json');

    const file = join(emptyDirectory(), 'openapi.json');
    writeFileSync(file, JSON.stringify(body));

    const verdict = execFileSync(process.execPath, [VALIDATOR, file]);

    expect(JSON.parse(String(verdict))).toEqual({ valid: true });
  });

  it('lists every route of the server and no other', () => {
    const routes = world.server.output.flatMap((line) => {
      const [, path, method] = MAPPED_ROUTE.exec(line) ?? [];
      return path ? [`${method} ${path.replace(/:(\w+)/g, '{$1}')}`] : [];
    });

    expect(routes.length).toBeGreaterThan(0);
    expect(api.operations.toSorted()).toEqual(routes.toSorted());
  });

  it.each(Object.keys(OUTCOMES))('lists everything that %s can answer', (operation) => {
    const provoked = Object.keys(OUTCOMES[operation]!);

    expect(api.outcomes(operation).toSorted()).toEqual([...provoked, '500'].toSorted());
  });

  describe.each(Object.entries(OUTCOMES))('%s', (operation, outcomes) => {
    it.each(Object.entries(outcomes))('answers %s as documented', async (outcome, provoke) => {
      const answer = await provoke(world);

      expect([answer.status, answer.body.errorCode].join(' ').trim()).toBe(outcome);
      expect(api.problems(operation, answer)).toEqual([]);
    });
  });

  it('can be read and tried on a page whose parts are all there', async () => {
    const page = await world.server.get('/docs');
    const parts = [...String(page.body).matchAll(/(?:src|href)="(\.\/docs\/[^"]+)"/g)];
    const answers = await Promise.all(parts.map(([, path]) => world.server.get(path!.slice(1))));

    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(parts.length).toBeGreaterThan(3);
    expect(answers.map(({ status }) => status)).toEqual(parts.map(() => 200));
  });
});
