import type { E164 } from '../common/phone-number';
import { KeyRing } from '../config/key-ring';
import { ChallengeCodes } from './challenge-codes';

const MOBILE = '+8613812345678' as E164;
const MANY = 3000;

const codesWith = (secret: string, previous?: string) =>
  new ChallengeCodes(new KeyRing(secret, previous));

describe('the codes of many challenges', () => {
  const service = codesWith('a key');
  const challenges = Array.from({ length: MANY }, () => service.newChallenge(MOBILE, new Date()));
  const codes = challenges.map((challenge) => service.codeOf(challenge));

  it('rule 5: have six digits each, also those below 100000', () => {
    expect(codes.filter((code) => !/^[0-9]{6}$/.test(code))).toEqual([]);
    expect(codes.filter((code) => code.startsWith('0'))).not.toEqual([]);
  });

  it('rule 5: use every digit at every place about equally often', () => {
    for (let place = 0; place < 6; place++) {
      const counts = countBy(codes.map((code) => code[place]!));

      expect(counts.size).toBe(10);
      expect(Math.min(...counts.values())).toBeGreaterThan(200);
      expect(Math.max(...counts.values())).toBeLessThan(400);
    }
  });

  it('rule 5: are the same on every node with the key, and others with another key', () => {
    const sameKey = challenges.map((challenge) => codesWith('a key').codeOf(challenge));
    const otherKey = challenges.map((challenge) => codesWith('another key').codeOf(challenge));

    expect(sameKey).toEqual(codes);
    expect(otherKey).not.toEqual(codes);
  });

  it('rule 5: outlive a change of the secret', () => {
    const changed = codesWith('a new key', 'a key');

    expect(challenges.map((challenge) => changed.codeOf(challenge))).toEqual(codes);
    expect(changed.tagsOf(MOBILE, codes[0]!)).toContain(challenges[0]!.tag);
  });
});

function countBy(values: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
