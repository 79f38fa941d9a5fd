import * as fc from 'fast-check';
import { anyText } from '../../../test/support/any-text';
import { FUZZ_SEED, FUZZES_FULLY } from '../../../test/support/scale';
import type { E164 } from '../../common/phone-number';
import { chooseLocale } from './locale';
import { LOCALES } from './templates';

const CHINESE = '+8613812345678' as E164;

describe('the language of a message', () => {
  it('is one of the list, whatever is asked for', () => {
    const hints = fc.oneof(anyText(), fc.string({ unit: fc.constantFrom(...'azAZ019-_.@,;#*x ') }));
    fc.assert(
      fc.property(hints, hints, (locale, acceptLanguage) => {
        expect(LOCALES).toContain(chooseLocale({ mobile: CHINESE, locale, acceptLanguage }));
      }),
      { numRuns: FUZZES_FULLY ? 5000 : 50, seed: FUZZ_SEED },
    );
  });
});
