import type { E164 } from '../common/phone-number';
import { KeyRing } from '../config/key-ring';
import { NumberRefsService } from './number-refs.service';

const MOBILE = '+8613812345678' as E164;
const numbers = new NumberRefsService(new KeyRing('one'));

describe('references to numbers', () => {
  it('are the same each time, tell nothing of the number, and only this server reads them', () => {
    const ref = numbers.refOf(MOBILE);

    expect(numbers.refOf(MOBILE)).toBe(ref);
    expect(ref).toMatch(/^[\w-]{43}$/);
    expect(Buffer.from(ref, 'base64url').toString('latin1')).not.toContain('138');
    expect(numbers.read(ref)).toBe(MOBILE);
    expect(new NumberRefsService(new KeyRing('other')).read(ref)).toBeNull();
  });

  it('are as long for the shortest and the longest number', () => {
    for (const mobile of ['+4790000000', '+999999999999999'] as E164[]) {
      expect(numbers.read(numbers.refOf(mobile))).toBe(mobile);
      expect(numbers.refOf(mobile)).toHaveLength(43);
    }
  });

  it('are read, and found, under the secret before the last change', () => {
    const ref = numbers.refOf(MOBILE);
    const changed = new NumberRefsService(new KeyRing('two', 'one'));

    expect(changed.read(ref)).toBe(MOBILE);
    expect(changed.refsOf(MOBILE)).toEqual([changed.refOf(MOBILE), ref]);
  });

  it('that somebody made up or changed are none', () => {
    const ref = numbers.refOf(MOBILE);
    const flip = (index: number) =>
      ref.slice(0, index) + (ref[index] === 'A' ? 'B' : 'A') + ref.slice(index + 1);

    for (const forged of ['', 'x', `${ref}A`, flip(0), flip(20), flip(30), 'A'.repeat(43)]) {
      expect(numbers.read(forged)).toBeNull();
    }
  });
});
