/** Written from src/common/typed-digits.ts by `npm run openapi`. */

/**
 * What people and address books put between digits, or nobody sees: white space, direction marks, dashes, slashes,
 * dots, brackets, tildes.
 */
const SEPARATORS =
  /[\s\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Pd}\u2212\u30fc\u2800.．。·・/／()（）[\]［］~∼～]/gu;
const PLUS = /[＋﹢]/g;
const DIGIT = /\p{Nd}/u;
const OTHER_DIGITS = /[^\P{Nd}0-9]/gu;

/** Digits of any script as ASCII, without what sets them apart; any other character stays. */
export function typedDigits(text: string): string {
  return text.replace(SEPARATORS, '').replace(PLUS, '+').replace(OTHER_DIGITS, asciiDigit);
}

/**
 * Unicode keeps the digits 0 to 9 of a system in a row (section 4.6 of the standard), and such rows begin at a digit
 * zero also where one follows another.
 */
function asciiDigit(digit: string): string {
  const codePoint = digit.codePointAt(0)!;
  let first = codePoint;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first--;
  return String((codePoint - first) % 10);
}
