import * as fc from 'fast-check';
import {
  getCountries,
  getExampleNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/mobile';
import { FUZZ_SEED, FUZZES_FULLY } from '../../test/support/scale';
import { ApiException } from './errors';
import { countryOf, maskMobile, parseMobile } from './phone-number';

const EVERYWHERE = ['*'];
const RUNS = { numRuns: FUZZES_FULLY ? 50_000 : 1000, seed: FUZZ_SEED };
const examples: Record<string, string> = require('libphonenumber-js/examples.mobile.json');

/** A mobile number of each country, with other last digits. */
const numbers = fc
  .tuple(fc.constantFrom(...getCountries()), fc.integer({ min: 0, max: 9999 }))
  .map(([country, last]) => {
    const { number } = getExampleNumber(country, examples as never)!;
    return { country, number: number.slice(0, -4) + String(last).padStart(4, '0') };
  })
  .filter(({ number }) => outcomeOf(number) === number);

const separators = fc.array(fc.constantFrom('', '', '', ' ', '-', '.', '(', ')', ') '), {
  minLength: 15,
  maxLength: 15,
});
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0123456789 ().-+'), maxLength: 32 }),
  fc.string({ unit: 'binary' }),
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

describe('any text for a mobile number', () => {
  it('rule 15: is refused, or E.164 that is read as itself and belongs to a country', () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom(EVERYWHERE, ['CN', 'US'], ['AR'], ['GB', 'JE']),
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

  it('rule 15: is one number, however its digits are set apart', () => {
    fc.assert(
      fc.property(numbers, separators, ({ number }, between) => {
        const spelling = Array.from(number.slice(1), (digit, index) => digit + between[index]).join(
          '',
        );
        const text = `+${spelling}`.slice(0, 32);
        fc.pre(text.length === spelling.length + 1);
        expect(outcomeOf(text)).toBe(number);
      }),
      RUNS,
    );
  });

  it('rule 15: is one number, with the code of its country or as people write it there', () => {
    fc.assert(
      fc.property(numbers, ({ country, number }) => {
        const home = [countryOf(number as never), country];
        const national = parsePhoneNumberFromString(number)!.formatNational();
        expect([number, outcomeOf(number, home), outcomeOf(national, home)]).toEqual([
          number,
          number,
          number,
        ]);
      }),
      RUNS,
    );
  });

  it('rule 15: has digits of ASCII only', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.constantFrom(0xff10, 0x0660, 0x06f0, 0x0966),
        fc.nat(),
        ({ number }, zero, at) => {
          const place = 1 + (at % (number.length - 1));
          const digit = String.fromCodePoint(zero + Number(number[place]));
          expect(
            outcomeOf(number.slice(0, place) + digit + number.slice(place + 1)),
          ).toBeUndefined();
        },
      ),
      RUNS,
    );
  });
});
