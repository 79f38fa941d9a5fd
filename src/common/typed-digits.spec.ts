import { typedDigits } from './typed-digits';

const systems = Intl.supportedValuesOf('numberingSystem').map((system) => {
  const format = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false });
  return {
    system,
    digits: Array.from({ length: 10 }, (_, digit) => format.format(digit)).join(''),
  };
});
/** The others write numbers in other ways, or with characters that are no decimal digits, as Chinese does. */
const decimal = systems.filter(({ digits }) => /^\p{Nd}{10}$/u.test(digits));

const codePoints = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint)
  .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
  .map((codePoint) => String.fromCodePoint(codePoint));

describe('digits as people type and paste them', () => {
  it.each(decimal)('are read in the system $system: $digits', ({ digits }) => {
    expect(typedDigits(digits)).toBe('0123456789');
  });

  it('are those of every script, as Unicode lists them', () => {
    const digits = codePoints.filter((character) => /\p{Nd}/u.test(character));

    expect(decimal.length).toBeGreaterThan(60);
    expect(digits.length).toBeGreaterThanOrEqual(680);
    expect(typedDigits(digits.join(''))).toBe('0123456789'.repeat(digits.length / 10));
  });

  it('lose all that nobody sees', () => {
    const invisible = codePoints.filter((character) =>
      /[\s\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(character),
    );

    expect(typedDigits(`1${invisible.join('')}2`)).toBe('12');
  });

  it.each(['a', '١a', '²', '①', '½', '\0', '💯', '五', ',', '#', '*', '_', '\ud800'])(
    'keep %j, so that it is refused',
    (text) => {
      expect(typedDigits(text)).toContain(Array.from(text).at(-1));
    },
  );
});
