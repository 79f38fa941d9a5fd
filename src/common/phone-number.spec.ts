import { ApiException } from './errors';
import { maskMobile, parseMobile } from './phone-number';

const EVERYWHERE = ['*'];

describe('a mobile number', () => {
  it.each([
    '+8613812345678',
    '+86 138 1234 5678',
    '+86-138-1234-5678',
    '+86 (138) 1234.5678',
    '+86 0138 1234 5678',
    '+86 17951 13812345678',
    '+86 13812345678 ',
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
  ])('rule 15: %j loses what only its country dials', (spelling, e164) => {
    expect(parseMobile(spelling, EVERYWHERE)).toBe(e164);
  });

  it.each(['+8613812345678', '+447400123456', '+5491123456789', '+525512345678', '+393123456789'])(
    '%s stays as it is when it is read again',
    (e164) => {
      expect(parseMobile(parseMobile(e164, EVERYWHERE), EVERYWHERE)).toBe(e164);
    },
  );

  it('may be of any country in SMS_COUNTRIES', () => {
    expect(parseMobile('+852 5123 4567', ['CN', 'HK'])).toBe('+85251234567');
  });

  it.each(['+447400123456', '+12015550123', '+85251234567'])(
    'is refused when its country is not in SMS_COUNTRIES: %s',
    (spelling) => {
      expect(() => parseMobile(spelling, ['CN'])).toThrow(
        expect.objectContaining({ errorCode: 'COUNTRY_NOT_SERVED' }),
      );
    },
  );

  it.each([
    ['nothing', ''],
    ['a national spelling of no known country', '13812345678'],
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
    ['an RFC 3966 number', 'tel:+8613812345678'],
    ['text around it', 'call +8613812345678 now'],
    ['full-width digits', '+８６１３８１２３４５６７８'],
    ['Arabic-Indic digits', '+٨٦١٣٨١٢٣٤٥٦٧٨'],
    ['an invisible character', '+86138\u200b12345678'],
    ['a direction mark', '\u202a+8613812345678\u202c'],
    ['a line break', '+8613812345678\n'],
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
