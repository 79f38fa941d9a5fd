import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import * as fc from 'fast-check';
import { FUZZ_SEED, FUZZES_FULLY } from '../../test/support/scale';
import { IsCode } from './code.decorator';

const RUNS = { numRuns: FUZZES_FULLY ? 20_000 : 100, seed: FUZZ_SEED };

class Body {
  @IsCode()
  code!: unknown;
}

/** The code that is read, or undefined for what is refused. */
function codeOf(code: unknown): unknown {
  const body = plainToInstance(Body, { code });
  return validateSync(body).length === 0 ? body.code : undefined;
}

const codes = fc.nat(999_999).map((number) => String(number).padStart(6, '0'));
const between = fc.array(
  fc.constantFrom('', '', ' ', '-', '\u00a0', '\u2009', '\u200b', '\u200e', '\u202c', '\n', '.'),
  { minLength: 7, maxLength: 7 },
);
const zeros = fc.constantFrom(0x30, 0xff10, 0x0660, 0x06f0, 0x0966, 0x0e50, 0x1d7ce);

describe('any code', () => {
  it('is read in every script, however its digits are set apart', () => {
    fc.assert(
      fc.property(codes, between, zeros, (code, [first, ...rest], zero) => {
        const digits = Array.from(code, (digit) => String.fromCodePoint(zero + Number(digit)));
        expect(codeOf(first + digits.map((digit, at) => digit + rest[at]).join(''))).toBe(code);
      }),
      RUNS,
    );
  });

  it('is read from a JSON number of six digits, and of no fewer', () => {
    fc.assert(
      fc.property(fc.nat(1_999_999), (number) => {
        const isCode = number >= 100_000 && number <= 999_999;
        expect(codeOf(JSON.parse(String(number)))).toBe(isCode ? String(number) : undefined);
      }),
      RUNS,
    );
  });

  it('is refused, or has the digits that were given, all of them and no more', () => {
    const texts = fc.string({
      unit: fc.constantFrom(...'0123456789 -.+eE_,٠٩９\u200e'),
      maxLength: 9,
    });
    fc.assert(
      fc.property(fc.oneof(texts, fc.jsonValue(), fc.double()), (given) => {
        const code = codeOf(given);
        if (code === undefined) return;
        expect(code).toMatch(/^[0-9]{6}$/);
        expect(['string', 'number']).toContain(typeof given);
        expect(String(given as string | number).match(/\p{Nd}/gu)).toHaveLength(6);
      }),
      RUNS,
    );
  });
});
