import * as fc from 'fast-check';
import { anyText } from '../../test/support/any-text';
import { FUZZ_SEED, FUZZES_FULLY } from '../../test/support/scale';
import { isPlain } from './plain-text';

const RUNS = { numRuns: FUZZES_FULLY ? 20_000 : 100, seed: FUZZ_SEED };
const ENGLAND = '🏴󠁧󠁢󠁥󠁮󠁧󠁿';
const pieces = fc.constantFrom('Li', 'דוד', ' ', 'สม\u200bช', '\u200f', '\u200d', ENGLAND);
const [open, close] = ['\u202a\u202b\u2066\u2067\u2068', '\u202c\u202c\u2069\u2069\u2069'];

const nested = fc.letrec<{ text: string; group: string }>((tie) => ({
  text: fc
    .array(fc.oneof({ maxDepth: 5 }, pieces, tie('group')), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('')),
  group: fc.tuple(fc.nat(4), tie('text')).map(([kind, text]) => open[kind]! + text + close[kind]!),
}));

describe('any text', () => {
  it('may embed and isolate, as deep as it closes again', () => {
    fc.assert(
      fc.property(nested.text, fc.constantFrom(...open, ...close), fc.nat(), (text, extra, at) => {
        const place = Array.from(text);
        place.splice(at % (place.length + 1), 0, extra);
        expect([text, isPlain(text)]).toEqual([text, true]);
        expect([extra, isPlain(place.join(''))]).toEqual([extra, false]);
      }),
      RUNS,
    );
  });

  it('never has a control, an override or an unpaired surrogate, whatever else it holds', () => {
    const any = fc.array(fc.oneof(anyText(), pieces)).map((parts) => parts.join(''));
    const never = fc.constantFrom('\0', '\u007f', '\u009b', '\u202d', '\u202e', '\ud800', '\ue000');
    fc.assert(
      fc.property(any, never, any, (before, character, after) => {
        expect(isPlain(before + character + after)).toBe(false);
      }),
      RUNS,
    );
  });
});
