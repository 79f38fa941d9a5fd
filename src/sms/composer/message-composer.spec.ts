import type { E164 } from '../../common/phone-number';
import { type EnvError, parseEnv } from '../../config/load-env';
import { MessageComposer } from './message-composer';
import { segmentsOf } from './segments';
import { LOCALES } from './templates';

const CODE = '042917';
const MOBILE = '+12015550123' as E164;
const DOMAIN = 'login.tandem.example';
const HASH = 'FA+9qCX9VSu';
const GSM_7_LOCALES = ['en', 'es', 'fr', 'de', 'pt-BR', 'id', 'tr'];

const EXTRA_LINES: [what: string, source: Record<string, string>][] = [
  ['no extra line', {}],
  ['the WebOTP line', { WEBOTP_DOMAIN: DOMAIN }],
  ['the Android hash', { ANDROID_APP_HASH: HASH }],
  ['the Android hash and the WebOTP line', { ANDROID_APP_HASH: HASH, WEBOTP_DOMAIN: DOMAIN }],
];

function composerWith(source: Record<string, string> = {}): MessageComposer {
  return new MessageComposer(parseEnv(source));
}

function textOf(composer: MessageComposer, locale: string, expiresIn = 300): string {
  return composer.compose({ mobile: MOBILE, code: CODE, expiresIn, locale }).text;
}

function problemOf(source: Record<string, string>): string | undefined {
  try {
    composerWith(source);
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ name: 'EnvError' });
    return (error as EnvError).problems.join();
  }
}

/** The longest run of a character that the refusal of a longer one says is allowed. */
function longestName(character: string, source: Record<string, string>): string {
  const problem = problemOf({ ...source, APP_NAME: character.repeat(200) });
  return character.repeat(Number(/at most (\d+) characters/.exec(problem!)![1]));
}

describe.each(EXTRA_LINES)('a message with %s', (_what, source) => {
  const composer = composerWith(source);
  const lastLine = source.WEBOTP_DOMAIN && `@${DOMAIN} #${CODE}`;

  it.each(LOCALES)('holds in %s the name, the code on its own and the lines', (locale) => {
    const [words, ...lines] = textOf(composer, locale).split('\n');

    expect(words).toContain('Tandem');
    expect(words).toMatch(new RegExp(`(?<![\\p{L}\\p{N}])${CODE}(?![\\p{L}\\p{N}])`, 'u'));
    expect(words).not.toMatch(/[{}]|\p{C}/u);
    expect(lines).toEqual([source.ANDROID_APP_HASH, lastLine].filter(Boolean));
  });

  describe.each([
    ['GSM-7', 'n'],
    ['two septets', '€'],
    ['another script', '汉'],
    ['two units', '😀'],
  ])('and the longest name in characters of %s', (_kind, character) => {
    const name = longestName(character, source);
    const texts = new Map<string, string>();

    beforeAll(() => {
      const longest = composerWith({ ...source, APP_NAME: name });
      for (const locale of LOCALES) texts.set(locale, textOf(longest, locale));
    });

    it.each(LOCALES)('is one segment in %s, of which SMS Retriever takes every one', (locale) => {
      const text = texts.get(locale)!;

      expect(text).toContain(name);
      expect(segmentsOf(text)).toBe(1);
      if (source.ANDROID_APP_HASH) expect(text.length).toBeLessThanOrEqual(140);
    });

    it('refuses the start with one more, which some language has no room for', () => {
      const segments = [...texts.values()].map((text) => segmentsOf(text + character));

      expect(segments).toContain(2);
      expect(problemOf({ ...source, APP_NAME: name + character })).toMatch(
        `APP_NAME must have at most ${[...name].length} characters`,
      );
    });
  });

  it.each(['n', '汉'])('has room for a name of ten %s in every language', (character) => {
    expect(problemOf({ ...source, APP_NAME: character.repeat(10) })).toBeUndefined();
  });
});

describe('the words of a message', () => {
  const composer = composerWith();

  it.each([
    ['en', '042917 is your Tandem login code. It works for 5 min. Do not share it.'],
    ['zh-CN', '【Tandem】验证码 042917，5分钟内有效，请勿告知他人。'],
    ['zh-TW', '【Tandem】驗證碼 042917，5 分鐘內有效，請勿告知他人。'],
    ['ja', '【Tandem】認証コードは 042917 です。5分間有効です。他人に教えないでください。'],
    ['ko', '[Tandem] 인증번호: 042917. 5분간 유효합니다. 타인에게 알려주지 마세요.'],
    ['ru', 'Tandem: код 042917. Никому его не сообщайте. Действует 5 мин.'],
    ['ar', 'رمز Tandem: 042917. صالح لمدة 5 د. لا تشاركه مع أحد.'],
  ])('in %s are %s', (locale, words) => {
    expect(textOf(composer, locale)).toBe(words);
  });

  it.each(LOCALES)('say in %s how long the code works, rounded down', (locale) => {
    expect(textOf(composer, locale, 599)).toMatch(/(?<!\d)9(?!\d)/);
  });

  it.each(LOCALES)('say in %s nothing of less than a minute', (locale) => {
    expect(textOf(composer, locale, 59).replace('042917', '')).not.toMatch(/\d/);
  });

  it.each(GSM_7_LOCALES)('are GSM-7 in %s, of which one segment holds more', (locale) => {
    const text = textOf(composer, locale);

    expect(segmentsOf(text + 'n'.repeat(160 - text.length))).toBe(1);
  });

  it.each([
    ['ru', 'Tandem: код 042917'],
    ['ja', '【Tandem】認証コード 042917'],
    ['hi', 'Tandem कोड: 042917'],
  ])('are fewer in %s where the lines leave no room for all', (locale, words) => {
    const text = textOf(composerWith({ WEBOTP_DOMAIN: DOMAIN }), locale);

    expect(text).toBe(`${words}\n@${DOMAIN} #${CODE}`);
  });

  it.each(['{code}', '{minutes} {app}', "$& $1 $' $$", '\\'])(
    'take the name %j as it is',
    (name) => {
      expect(textOf(composerWith({ APP_NAME: name }), 'en')).toBe(
        `042917 is your ${name} login code. It works for 5 min. Do not share it.`,
      );
    },
  );

  it.each([
    ['zh-TW', { locale: 'zh-HK', acceptLanguage: 'de' }],
    ['fr', { locale: 'nl', acceptLanguage: 'sv, fr;q=0.5' }],
    ['en', {}],
  ])('name the language that they are in: %s', (locale, wishes) => {
    const message = { mobile: MOBILE, code: CODE, expiresIn: 300, ...wishes };

    expect(composer.compose(message).locale).toBe(locale);
  });
});

describe.each(['mobile_change', 'deletion'] as const)('the words of a code for a %s', (purpose) => {
  const composer = composerWith();
  const textFor = (locale: string, from = composer, expiresIn = 300) =>
    from.compose({ mobile: MOBILE, code: CODE, expiresIn, locale, purpose }).text;

  it.each(LOCALES)(
    'hold in %s the name and the code, and say that it is for no login',
    (locale) => {
      const text = textFor(locale);

      expect(text).toContain('Tandem');
      expect(text).toMatch(new RegExp(`(?<![\\p{L}\\p{N}])${CODE}(?![\\p{L}\\p{N}])`, 'u'));
      expect(text).not.toMatch(/[{}]|\p{C}/u);
      const others = [undefined, 'mobile_change', 'deletion'] as const;
      const texts = others.map((one) =>
        composer.compose({ mobile: MOBILE, code: CODE, expiresIn: 300, locale, purpose: one }),
      );
      expect(texts.filter((one) => one.text === text)).toHaveLength(1);
      expect(segmentsOf(text)).toBe(1);
    },
  );

  it('are one segment with a name of ten letters', () => {
    const named = composerWith({ APP_NAME: 'n'.repeat(10) });

    const long = LOCALES.filter((locale) => segmentsOf(textFor(locale, named)) > 1);
    expect(long).toEqual([]);
  });

  it('say so in any case, also where the lines leave no room, and for codes of less than a minute', () => {
    const lines = composerWith({ WEBOTP_DOMAIN: DOMAIN, ANDROID_APP_HASH: HASH });

    for (const locale of LOCALES) {
      expect(textFor(locale, lines, 30).split('\n')).toEqual([
        textFor(locale),
        HASH,
        `@${DOMAIN} #${CODE}`,
      ]);
    }
  });
});

describe('with a hash for each build of the app', () => {
  const composer = composerWith({ ANDROID_APP_HASH: 'store:FA+9qCX9VSu,debug:kg0pLdMTTNa' });

  it.each([
    ['debug', 'kg0pLdMTTNa'],
    ['store', 'FA+9qCX9VSu'],
    [undefined, 'FA+9qCX9VSu'],
    ['constructor', 'FA+9qCX9VSu'],
  ])('a message for %s has that, or the first', (app, hash) => {
    const { text } = composer.compose({ mobile: MOBILE, code: CODE, expiresIn: 300, app });

    expect(text.split('\n').at(-1)).toBe(hash);
  });
});

describe('a WEBOTP_DOMAIN', () => {
  it('that leaves no room for any name refuses the start', () => {
    expect(problemOf({ WEBOTP_DOMAIN: `${'a'.repeat(56)}.example` })).toBe(
      'WEBOTP_DOMAIN must be shorter: it leaves no room for APP_NAME',
    );
  });
});

describe('the problem of a long name', () => {
  it.each([
    [{}, ''],
    [{ WEBOTP_DOMAIN: DOMAIN }, ' beside WEBOTP_DOMAIN'],
    [
      { ANDROID_APP_HASH: HASH, WEBOTP_DOMAIN: DOMAIN },
      ' beside WEBOTP_DOMAIN and ANDROID_APP_HASH',
    ],
  ])('names what shares the message: %j', (source, beside) => {
    expect(problemOf({ ...source, APP_NAME: 'n'.repeat(1000) })).toMatch(
      new RegExp(`characters, to fit one SMS in every language${beside}$`),
    );
  });
});
