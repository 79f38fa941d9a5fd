import { type Examples, getCountries, getExampleNumber } from 'libphonenumber-js/mobile';
import { ApiException } from './errors';
import { maskMobile, parseMobile } from './phone-number';

const EVERYWHERE = ['*'];
const examples: Examples = require('libphonenumber-js/examples.mobile.json');

describe('a mobile number', () => {
  it.each([
    '+8613812345678',
    '+86 138 1234 5678',
    '+86-138-1234-5678',
    '+86 (138) 1234.5678',
    '+86 0138 1234 5678',
    '+86 17951 13812345678',
    '+86 13812345678 ',
    ' +86 13812345678',
    '\t+8613812345678\r\n',
    '+86\u00a013812345678',
    '\u200e+8613812345678',
    '\u202a+86 138-1234-5678\u202c',
    '\u2068+86\u00a0138\u2011\u20601234\u20115678\u2069',
    '\ufeff+8613812345678',
    '+86138\u200b12345678',
    '+86–138—1234−5678',
    '+86/138/1234/5678',
    '+86·138。1234・5678',
    '(+86) 13812345678',
    '[+86] 138~1234~5678',
    '＋８６（１３８）１２３４－５６７８',
    '+٨٦١٣٨١٢٣٤٥٦٧٨',
    '+८६१३८१२३४५६७८',
    '+\u{1d7d6}6 138 1234 5678',
    'tel:+86-138-1234-5678',
    'TEL:+8613812345678',
    'Tel.: +86 138 1234 5678',
  ])('rule 15: %j is read as the one number that it spells', (spelling) => {
    expect(parseMobile(spelling, EVERYWHERE)).toBe('+8613812345678');
  });

  it.each(['13812345678', '138 1234 5678', '013812345678', '8613812345678', '008613812345678'])(
    'rule 15: %j is the same number where SMS_COUNTRIES starts with its country',
    (spelling) => {
      expect(parseMobile(spelling, ['CN', 'HK'])).toBe('+8613812345678');
    },
  );

  it.each([
    ['+44 (0) 7400 123456', '+447400123456'],
    ['+54 11 15 2345-6789', '+5491123456789'],
    ['+52 55 1234 5678', '+525512345678'],
    ['+1 (201) 555-0123', '+12015550123'],
    ['+49 151/23456789', '+4915123456789'],
    ['tel:+49 (0)151 23456789', '+4915123456789'],
  ])('rule 15: %j loses what only its country dials', (spelling, e164) => {
    expect(parseMobile(spelling, EVERYWHERE)).toBe(e164);
  });

  it.each([
    ['+5215512345678', ['*']],
    ['+52 044 55 1234 5678', ['*']],
    ['5215512345678', ['MX']],
    ['0052 1 55 1234 5678', ['MX']],
    ['5215512345678', ['US', 'MX']],
    ['01 55 1234 5678', ['MX', 'US']],
    ['045 55 1234 5678', ['MX']],
  ])('rule 15: %j is what a Mexican number was until 2019, with %j', (spelling, countries) => {
    expect(parseMobile(spelling, countries)).toBe('+525512345678');
  });

  it.each([
    ['+55 11 9123-4567', '+5511991234567'],
    ['+55 (47) 8417-8525', '+5547984178525'],
    ['+84 169 9333 999', '+84399333999'],
    ['+84 120 7878 888', '+84707878888'],
    ['+84 186 2345 678', '+84562345678'],
    ['+84 188 2345 678', '+84582345678'],
    ['+84 129 8222 888', '+84828222888'],
    ['+84 162 2345 678', '+84322345678'],
    ['+84 199 5959 999', '+84595959999'],
    ['+55 11 7812-3456', '+551178123456'],
    ['+229 97 12 34 56', '+2290197123456'],
    ['+54 9 11 2345-6789', '+5491123456789'],
    ['+54 0 11 15 2345-6789', '+5491123456789'],
  ])('rule 15: %j is what its country has made of it: %s', (spelling, e164) => {
    expect(parseMobile(spelling, EVERYWHERE)).toBe(e164);
  });

  it.each([
    ['4915123456789', ['DE'], '+4915123456789'],
    ['4917667111638', ['DE'], '+4917667111638'],
    ['4917667111638', ['AT', 'DE'], '+4917667111638'],
    ['447400123456', ['GB'], '+447400123456'],
    ['447400123456', ['DE', 'GB'], '+447400123456'],
    ['33612345678', ['FR'], '+33612345678'],
    ['8613812345678', ['CN'], '+8613812345678'],
    ['8613812345678', ['US', 'CN'], '+8613812345678'],
    ['85251234567', ['CN', 'HK'], '+85251234567'],
    ['12015550123', ['CN', 'US'], '+12015550123'],
    ['1 (201) 555-0123', ['US'], '+12015550123'],
    ['1 (415) 555-2671', ['US', 'MX'], '+14155552671'],
    ['1 (502) 234-5678', ['US', 'DE'], '+15022345678'],
    ['1 (506) 234-5678', ['CA', 'US', 'DE'], '+15062345678'],
    ['1 (415) 555-2671', ['MX', 'US'], '+14155552671'],
    ['3931234567', ['IT'], '+393931234567'],
    ['393123456789', ['IT'], '+393123456789'],
    ['0049 151 23456789', ['FR', 'DE'], '+4915123456789'],
    ['٠١٥١ ٢٣٤٥٦٧٨٩', ['DE'], '+4915123456789'],
  ])('rule 15: %j is read at home first, with %j', (spelling, countries, e164) => {
    expect(parseMobile(spelling, countries)).toBe(e164);
  });

  it.each([
    [['CN', 'US'], '+8615012345678'],
    [['DE', 'CN', 'US'], '+4915012345678'],
    [['US'], '+15012345678'],
  ])(
    'rule 15: 15012345678 is nobody else’s where the first of %j has it: %s',
    (countries, e164) => {
      expect(parseMobile('15012345678', countries)).toBe(e164);
    },
  );

  it.each([
    ['15012345678', ['US', 'CN']],
    ['15012345678', ['GB', 'US', 'CN']],
    ['15012345678', ['GB', 'US']],
    ['15012345678', ['HK', 'CA', 'US']],
    ['4740612345', ['SE', 'NO', 'MX']],
    ['15022345678', ['FR', 'US', 'DE']],
    ['85251234567', ['CN', 'HK', 'ID']],
    ['15512345678', ['MX']],
    ['12015550123', ['CN']],
    ['12015550123', ['CN', 'CA']],
  ])('is no guess: %j is refused with %j, where it may be a stranger’s', (spelling, countries) => {
    expect(problemOf(() => parseMobile(spelling, countries))).toEqual([
      expect.stringMatching(/^mobile must be a valid mobile number with its country code, like \+/),
    ]);
  });

  it('is told how to be written', () => {
    const problem = 'mobile must be a valid mobile number with its country code, like';

    expect(problemOf(() => parseMobile('13812345678', ['*']))).toEqual([
      `${problem} +8613812345678`,
    ]);
    expect(problemOf(() => parseMobile('030 1234567', ['DE']))).toEqual([
      `${problem} +4915123456789`,
    ]);
  });

  it.each(['+8613812345678', '+447400123456', '+5491123456789', '+525512345678', '+393123456789'])(
    '%s stays as it is when it is read again',
    (e164) => {
      expect(parseMobile(parseMobile(e164, EVERYWHERE), EVERYWHERE)).toBe(e164);
    },
  );

  it.each(getCountries())('of %s is served where that is listed, also at home', (country) => {
    const { number, nationalNumber } = getExampleNumber(country, examples)!;

    expect(parseMobile(number, [country])).toBe(number);
    expect(parseMobile(nationalNumber, [country])).toBe(number);
    expect(parseMobile(number, ['KP', country])).toBe(number);
  });

  it('may be of any country in SMS_COUNTRIES', () => {
    expect(parseMobile('+852 5123 4567', ['CN', 'HK'])).toBe('+85251234567');
  });

  it.each([
    ['+447400123456', 'CN'],
    ['+12015550123', 'CN'],
    ['+85251234567', 'CN'],
    ['+12015550123', 'CA'],
    ['(787) 234-5678', 'US'],
    ['+447400123456', 'IM'],
    ['+447781123456', 'GB'],
    ['0044 7400 123456', 'DE'],
  ])('is refused when its country is not in SMS_COUNTRIES: %s in %s', (spelling, country) => {
    expect(() => parseMobile(spelling, [country])).toThrow(
      expect.objectContaining({ errorCode: 'COUNTRY_NOT_SERVED' }),
    );
  });

  it.each([
    ['nothing', ''],
    ['too few digits', '+861381234567'],
    ['too many digits', '+86138123456789'],
    ['a landline', '+86 10 1234 5678'],
    ['a freephone number', '+80012345678'],
    ['a premium-rate number', '+979123456789'],
    ['a national freephone number', '+18002345678'],
    ['a national premium-rate number', '+449098790123'],
    ['a shared-cost number', '+448451234567'],
    ['a personal number, which forwards anywhere', '+447012345678'],
    ['a satellite phone', '+881612345678'],
    ['a British landline', '+442079460000'],
    ['a number that is too short for its country', '+861381234567'],
    ['no such country', '+999 13812345678'],
    ['letters', '+86138CALLNOW'],
    ['an extension', '+8613812345678 ext. 5'],
    ['an RFC 3966 extension', '+8613812345678;ext=5'],
    ['text around it', 'call +8613812345678 now'],
    ['a NUL', '+8613812345678\0'],
    ['digits that are none of a number', '+861381234567⑧'],
    ['an old number that its country has not kept', '+5511612345'],
    ['two numbers', '+8613812345678/+8613812345679'],
    ['a plus sign behind', '8613812345678+'],
    ['two plus signs', '++8613812345678'],
  ])('is refused: %s', (_what, spelling) => {
    expect(problemOf(() => parseMobile(spelling, EVERYWHERE))).toEqual([
      'mobile must be a valid mobile number',
    ]);
  });

  it('is masked so that its owner recognises it and nobody can call it', () => {
    expect(maskMobile(parseMobile('+8613812345678', EVERYWHERE))).toBe('+86138****5678');
  });
});

function problemOf(parse: () => string): unknown {
  try {
    return parse();
  } catch (error) {
    expect(error).toMatchObject({ errorCode: 'VALIDATION_FAILED' });
    return ((error as ApiException).getResponse() as { message: string[] }).message;
  }
}
