import * as fc from 'fast-check';
import {
  type CountryCode,
  getCountries,
  getExampleNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/mobile';
import { anyText } from '../../test/support/any-text';
import { FUZZ_SEED, FUZZES_FULLY } from '../../test/support/scale';
import { ApiException } from './errors';
import { countryOf, maskMobile, parseMobile } from './phone-number';

const EVERYWHERE = ['*'];
const RUNS = { numRuns: FUZZES_FULLY ? 10_000 : 100, seed: FUZZ_SEED };
const examples: Record<string, string> = require('libphonenumber-js/examples.mobile.json');

/** A mobile number of each country, with other last digits. */
const numbers = fc
  .tuple(fc.constantFrom(...getCountries()), fc.integer({ min: 0, max: 9999 }))
  .map(([country, last]) => {
    const { number } = getExampleNumber(country, examples as never)!;
    return { country, number: number.slice(0, -4) + String(last).padStart(4, '0') };
  })
  .filter(({ number }) => outcomeOf(number) === number);

/** What stands between digits, and around them, in keyboards, contacts, web pages and messages. */
const SEPARATORS = Array.from(
  ' -.()/\t\n\u00a0\u2009\u3000\u2010\u2011–—−－／．（）·\u00ad\u200b\u200c\u200e\u200f\u061c\u2060\ufeff\ufe0f' +
    '\u202a\u202b\u202c\u202d\u202e\u2066\u2068\u2069',
);
const separators = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constant('') }, fc.constantFrom(...SEPARATORS)),
  { minLength: 17, maxLength: 17 },
);
/** Digits zero: ASCII, full-width, Arabic-Indic, Persian, Devanagari, Bengali, Khmer, mathematical, Adlam. */
const zeros = fc.constantFrom(
  0x30,
  0xff10,
  0x0660,
  0x06f0,
  0x0966,
  0x09e6,
  0x17e0,
  0x1d7ce,
  0x1e950,
);
const pluses = fc.constantFrom('+', '＋', 'tel:+');

const texts = fc.oneof(
  fc.string({
    unit: fc.oneof(
      fc.constantFrom(...'00123456789++'),
      fc.constantFrom(...SEPARATORS),
      fc.tuple(zeros, fc.nat(9)).map(([zero, digit]) => String.fromCodePoint(zero + digit)),
    ),
    maxLength: 32,
  }),
  anyText(),
  numbers.map(({ number }) => number.slice(1)),
  fc
    .tuple(numbers, fc.string({ unit: fc.constantFrom(...'0123456789 ') }))
    .map(([{ number }, more]) => number + more),
);

/** E.164, or undefined for what is refused. */
function outcomeOf(text: string, countries = EVERYWHERE): string | undefined {
  try {
    return parseMobile(text, countries);
  } catch (error) {
    if (error instanceof ApiException) return undefined;
    throw error;
  }
}

/** What the digits are to those who live in a country and dial them, by the parser alone. */
function atHome(digits: string, country: string): string | undefined {
  const number = parsePhoneNumberFromString(digits, country as CountryCode);
  return number?.country && number.isValid() ? number.number : undefined;
}

const nationally = (number: string) =>
  parsePhoneNumberFromString(number)!.formatNational().replaceAll(/\D/g, '');

describe('any text for a mobile number', () => {
  it('rule 15: is refused, or E.164 that is read as itself and belongs to a country', () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom(EVERYWHERE, ['CN', 'US'], ['AR'], ['GB', 'JE'], ['DE', 'MX'], ['MF']),
        (text, countries) => {
          const number = outcomeOf(text, countries);
          if (number === undefined) return;
          expect(number).toMatch(/^\+[1-9]\d{6,14}$/);
          expect(outcomeOf(number, countries)).toBe(number);
          expect(outcomeOf(number)).toBe(number);
          expect(countryOf(number as never)).toMatch(/^[A-Z]{2}$/);
          expect(maskMobile(number as never).replaceAll(/\D/g, '').length).toBeLessThan(
            number.length - 3,
          );
        },
      ),
      RUNS,
    );
  });

  it('rule 15: is one number, however its digits are set apart and in whichever script', () => {
    fc.assert(
      fc.property(
        numbers,
        pluses,
        separators,
        zeros,
        ({ number }, plus, [first, ...between], zero) => {
          const digits = Array.from(number.slice(1), (digit) =>
            String.fromCodePoint(zero + Number(digit)),
          );
          const spelling = digits.map((digit, index) => digit + between[index]).join('');
          expect(outcomeOf(`${first}${plus}${spelling}`)).toBe(number);
        },
      ),
      RUNS,
    );
  });

  it('rule 15: is one number, with the code of its country or as people write it there', () => {
    fc.assert(
      fc.property(numbers, ({ country, number }) => {
        const national = parsePhoneNumberFromString(number)!.formatNational();
        for (const home of [[countryOf(number as never), country], [country]]) {
          expect([number, outcomeOf(number, home), outcomeOf(national, home)]).toEqual([
            number,
            number,
            number,
          ]);
        }
      }),
      RUNS,
    );
  });

  it('rule 15: is one number without its plus, unless it is another one at home', () => {
    fc.assert(
      fc.property(numbers, ({ country, number }) => {
        const digits = number.slice(1);
        expect(outcomeOf(digits, [country])).toBe(atHome(digits, country) ?? number);
      }),
      RUNS,
    );
  });

  it('rule 15: is never a stranger’s for somebody who writes as at home', () => {
    const listed = fc.uniqueArray(fc.constantFrom(...getCountries()), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(numbers, listed, fc.nat(), ({ country, number }, others, at) => {
        const countries = others.filter((other) => other !== country);
        countries.splice(at % (countries.length + 1), 0, country);
        const text = nationally(number);
        const [home] = countries;
        // North America dials beyond its own country without a code.
        expect([number, outcomeOf(text, [home!]), atHome(text, home!), undefined]).toContain(
          outcomeOf(text, countries),
        );
      }),
      RUNS,
    );
  });

  it('rule 15: is one number, also as it was before its country changed the plan', () => {
    const before: [now: RegExp, old: string][] = [
      [/^\+52(?=\d{10}$)/, '+521'],
      [/^(\+55\d\d)9(?=[689]\d{7}$)/, '$1'],
      [/^\+8439/, '+84169'],
      [/^\+22901/, '+229'],
    ];
    const changed = fc
      .tuple(fc.constantFrom('MX' as const, 'BR', 'VN', 'BJ'), fc.integer({ min: 0, max: 999_999 }))
      .map(([country, last]) => {
        const start = { MX: '+5255', BR: '+551196', VN: '+84391', BJ: '+229019' }[country];
        const { number } = getExampleNumber(country, examples as never)!;
        return start + String(last).padStart(number.length - start.length, '1');
      })
      .filter((number) => outcomeOf(number) === number);
    fc.assert(
      fc.property(changed, separators, (number, between) => {
        const old = before.reduce((text, [now, then]) => text.replace(now, then), number);
        expect(old).not.toBe(number);
        const text = Array.from(old, (character, index) => character + (between[index] ?? '')).join(
          '',
        );
        expect(outcomeOf(text)).toBe(number);
      }),
      RUNS,
    );
  });
});
