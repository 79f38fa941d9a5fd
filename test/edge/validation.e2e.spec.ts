import { type BodyRoute, BODY_ROUTES } from '../support/body-routes';
import { expectRefusal } from '../support/refusal';
import { countRows } from '../support/rows';
import { TestApp } from '../support/test-app';

/** What is wrong with a body, and how to write it for one that would be right. */
const MALFORMED: [problem: string, write: (valid: string) => string | Uint8Array<ArrayBuffer>][] = [
  ['nothing', () => ''],
  ['white space', () => ' \n'],
  ['half an object', (valid) => valid.slice(0, -1)],
  ['two objects', (valid) => valid + valid],
  ['a trailing comma', (valid) => valid.replace('}', ',}')],
  ['a comment', (valid) => `/* */${valid}`],
  ['single quotes', (valid) => valid.replaceAll('"', "'")],
  ['a byte order mark', (valid) => `\ufeff${valid}`],
  ['bytes that are not UTF-8', (valid) => Buffer.from(valid.replace('":"', '":"\xff'), 'latin1')],
  ['null', () => 'null'],
  ['a number', () => '1'],
  ['a boolean', () => 'true'],
  ['a string', (valid) => JSON.stringify(valid)],
  ['an array', () => '[]'],
  ['an array of objects', (valid) => `[${valid}]`],
  ['nested arrays', () => '[[[["mobile"]]]]'],
  ['arrays nested 8000 deep', () => '['.repeat(8000) + ']'.repeat(8000)],
  ['objects nested 2500 deep', () => '{"a":'.repeat(2500) + '1' + '}'.repeat(2500)],
  [
    'arrays nested 8000 deep in a field',
    (valid) => valid.replace('}', `,"a":${'['.repeat(8000)}${']'.repeat(8000)}}`),
  ],
  ['a key given twice', (valid) => valid.replace('}', `,${valid.slice(1)}`)],
  [
    'a key given twice, once with escapes',
    (valid) => valid.replace('}', `,"\\u00${valid.charCodeAt(2).toString(16)}${valid.slice(3)}`),
  ],
  ['an unknown field', (valid) => valid.replace('}', ',"admin":true}')],
  ['an unknown field without a name', (valid) => valid.replace('}', ',"":1}')],
  ['__proto__', (valid) => valid.replace('}', `,"__proto__":${valid}}`)],
  ['all fields under __proto__', (valid) => `{"__proto__":${valid}}`],
  ['constructor', (valid) => valid.replace('}', ',"constructor":{"prototype":{"admin":true}}}')],
  ['prototype', (valid) => valid.replace('}', ',"prototype":{}}')],
  ['toString', (valid) => valid.replace('}', ',"toString":"x"}')],
  ['hasOwnProperty', (valid) => valid.replace('}', ',"hasOwnProperty":1}')],
];

describe('a body that is not one flat object of known fields', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    ({ token } = await app.logIn());
  });
  afterAll(() => app.close());

  const stored = async () => ({ ...(await countRows(app)), messages: app.inbox.messages.length });

  describe.each(BODY_ROUTES)('$route', ({ method, path, body }: BodyRoute) => {
    it.each(MALFORMED)('refuses %s and stores nothing', async (_, write) => {
      const before = await stored();

      const answer = await app.send(method, path, write(JSON.stringify(body)), {
        token,
      });

      expectRefusal(answer, 'VALIDATION_FAILED');
      expect(await stored()).toEqual(before);
    });

    it('refuses a missing body', async () => {
      const answer = await app.send(method, path, undefined, { token });

      expectRefusal(answer, 'VALIDATION_FAILED');
    });

    it('names every unknown field', async () => {
      const answer = await app.send(method, path, { ...body, first: 1, second: 2 }, { token });

      expect(answer.body.message).toEqual([
        'property first should not exist',
        'property second should not exist',
      ]);
    });
  });
});
