import { fromNewAddress } from '../support/address';
import { askForCode, presentCode } from '../support/codes';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { TestApp } from '../support/test-app';

const MOBILE = '+8613800000000';
const WITH_ZERO = '+8613800000001';
const SPELLINGS = [
  '831749',
  '831 749',
  '831749 ',
  ' 8 3 1 7 4 9\n',
  '831-749',
  '831\u00a0749',
  '\u200e831749\u202c',
  '８３１７４９',
  '٨٣١٧٤٩',
  '۸۳۱ ۷۴۹',
  '८३१७४९',
  831749,
];
const NO_CODES = ['', ' ', '83174', '8317490', '+831749', '831749;', '83174⑨', '831749\0', 'code'];
const NO_CODES_OF_ZERO = [12345, '12345', 12345.0, '12345 ', 1234.5, -12345, 1e21, true, [12345]];
const HINTS: [hint: unknown, locale: string][] = [
  ['zh_CN', 'zh-CN'],
  ['en_US', 'en'],
  ['fr_FR.UTF-8', 'fr'],
  ['', 'zh-CN'],
  ['klingon', 'zh-CN'],
  ['x'.repeat(4000), 'zh-CN'],
  ['en\0', 'zh-CN'],
  [1, 'zh-CN'],
  [null, 'zh-CN'],
  [false, 'zh-CN'],
  [['en'], 'zh-CN'],
  [{ en: 1 }, 'zh-CN'],
];

describe('what people type and paste', () => {
  let app: TestApp;

  beforeAll(async () => {
    const TEST_NUMBERS = `${MOBILE}:831749@2999-01-01,${WITH_ZERO}:012345@2999-01-01`;
    app = await TestApp.start({ env: { TRUST_PROXY: '1', TEST_NUMBERS } });
  });
  afterAll(() => app.close());

  const logIn = (mobile: string, code: unknown) =>
    app.post('/auth/tokens', { mobile, code }, fromNewAddress());

  it.each(SPELLINGS)('the code 831749 may be given as %j', async (code) => {
    expect((await logIn(MOBILE, code)).status).toBe(201);
  });

  it('a code is never given its zeros back', async () => {
    for (const code of NO_CODES_OF_ZERO) {
      expectRefusal(await logIn(WITH_ZERO, code), 'VALIDATION_FAILED');
    }

    expect((await logIn(WITH_ZERO, '012 345')).status).toBe(201);
  });

  it('what is no code costs no guess', async () => {
    const mobile = randomMobile();
    const code = await askForCode(app, mobile);

    for (const text of [...NO_CODES, ...NO_CODES]) {
      const answer = await logIn(mobile, text);
      expectRefusal(answer, 'VALIDATION_FAILED');
      expect(answer.body.message).toEqual(['code must be six digits']);
    }

    expect((await presentCode(app, mobile, ` ${code} `)).status).toBe(201);
  });

  it.each(HINTS)('the locale %j is a hint, which stops no code: %s', async (locale, chosen) => {
    const mobile = randomMobile();

    const answer = await app.post('/auth/codes', { mobile, locale }, fromNewAddress());

    expect(answer.status).toBe(202);
    expect(app.inbox.messages.at(-1)).toMatchObject({ to: mobile, locale: chosen });
  });
});
