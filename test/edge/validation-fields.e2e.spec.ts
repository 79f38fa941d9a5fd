import { BODY_ROUTES } from '../support/body-routes';
import { expectRefusal } from '../support/refusal';
import { freePort } from '../support/servers/free-port';
import { TestApp } from '../support/test-app';

const NOT_TEXT = [null, 1, true, [], ['text'], [['text']], {}, { length: 5 }];
/** What a profile leaves out stays as it is, and a step-up takes a code in place of the password. */
const COMPLETE = BODY_ROUTES.filter(({ path }) => !['/users/me', '/auth/step-up'].includes(path));

const MALFORMED_MOBILES = {
  'no text': '',
  'white space': ' ',
  letters: '+86138abcd5678',
  'a word': 'mobile',
  'vanity letters': '+1800FLOWERS',
  'too few digits': '+86138',
  'too many digits': '+86138123456789012',
  'a landline': '+861065529988',
  'no such country': '+9991234567890',
  'an extension': '+8613812345678;ext=1',
  'two numbers': '+8613812345678,+8613812345679',
  'a URI with parameters': 'tel:+8613812345678;phone-context=+86',
  'circled digits': '+86①③⑧12345678',
  'more than a spelling has': `+8613812345678${'\u200e'.repeat(64)}`,
  'a NUL': '+8613812345678\0',
  'a lone surrogate': '+8613812345678\ud800',
  'a kilobyte of digits': '1'.repeat(1024),
};

const MALFORMED_CODES = ['', '12345', '1234567', ' 12345', '12345\0', '12e456'];

describe('the fields of a body', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    ({ token } = await app.logIn());
  });
  afterAll(() => app.close());

  describe.each(BODY_ROUTES)('$route', ({ method, path, body }) => {
    describe.each(Object.keys(body))('%s', (field) => {
      it.each(NOT_TEXT)('may not be %j', async (value) => {
        const answer = await app.send(method, path, { ...body, [field]: value }, { token });

        expectRefusal(answer, 'VALIDATION_FAILED');
        expect(answer.body.message[0]).toMatch(new RegExp(`^${field} must `));
      });
    });
  });

  describe.each(COMPLETE)('$route', ({ method, path, body }) => {
    it.each(Object.keys(body))('may not lack %s', async (field) => {
      const { [field]: _, ...rest } = body;

      const answer = await app.send(method, path, rest, { token });

      expectRefusal(answer, 'VALIDATION_FAILED');
      expect(answer.body.message[0]).toMatch(new RegExp(`^${field} must `));
    });
  });

  it.each(Object.entries(MALFORMED_MOBILES))('a mobile with %s is refused', async (_, mobile) => {
    const answers = [
      await app.post('/auth/codes', { mobile }),
      await app.post('/auth/tokens', { mobile, code: '123456' }),
    ];

    for (const answer of answers) expectRefusal(answer, 'VALIDATION_FAILED');
  });

  it.each(MALFORMED_CODES)('the code %j is refused', async (code) => {
    const answer = await app.post('/auth/tokens', { mobile: '+8613812345678', code });

    expectRefusal(answer, 'VALIDATION_FAILED');
    expect(answer.body.message).toEqual(['code must be six digits']);
  });
});

describe('while no store can be reached', () => {
  let app: TestApp;

  beforeAll(async () => {
    const [sql, redis] = [await freePort(), await freePort()];
    const env = {
      DATABASE_URL: `mysql://root@127.0.0.1:${sql}/tandem`,
      REDIS_URL: `redis://127.0.0.1:${redis}`,
    };
    app = await TestApp.start({ env, isReached: false });
  });
  afterAll(() => app.close());

  it.each(['/auth/codes', '/auth/tokens'])(
    'POST %s refuses a malformed mobile as ever, and only then needs a store',
    async (path) => {
      const code = path === '/auth/tokens' ? { code: '123456' } : {};

      const [malformed, wellFormed] = [
        await app.post(path, { mobile: '+8613812', ...code }),
        await app.post(path, { mobile: '+8613812345678', ...code }),
      ];

      expectRefusal(malformed, 'VALIDATION_FAILED');
      expectRefusal(wellFormed, 'UNAVAILABLE');
    },
  );
});
