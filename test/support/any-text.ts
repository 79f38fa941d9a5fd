import * as fc from 'fast-check';

/** Of any code points, lone surrogates among them. (The unit `binary` of fast-check takes a second before the first one.) */
export const anyText = () =>
  fc.string({ unit: fc.nat(0x10ffff).map((codePoint) => String.fromCodePoint(codePoint)) });
