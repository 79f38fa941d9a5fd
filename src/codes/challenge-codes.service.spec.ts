import type { E164 } from '../common/phone-number';
import { KeyRing } from '../config/key-ring';
import { ChallengeCodesService } from './challenge-codes.service';

const MOBILE = '+8613812345678' as E164;
const MANY = 100;
const MILLION = 1_000_000;
const NEVER = new Date(0);
const SIX_DIGITS = /^[0-9]{6}$/;

const codesWith = (secret: string, previous?: string) =>
  new ChallengeCodesService(new KeyRing(secret, previous));

describe('the codes of many challenges', () => {
  const service = codesWith('a key');
  const challenges = Array.from({ length: MANY }, () => service.newChallenge(MOBILE, new Date()));
  const codes = challenges.map((challenge) => service.codeOf(challenge));

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

describe('the codes of a million challenges', () => {
  /** How often each code came up. */
  const counts = new Uint32Array(MILLION);
  const misshapen: string[] = [];

  beforeAll(() => {
    const service = codesWith('a key');
    for (const id of ids(MILLION)) {
      const code = service.codeOf({ id, mobile: MOBILE, tag: '', expiresAt: NEVER });
      if (!SIX_DIGITS.test(code)) misshapen.push(code);
      counts[+code]! += 1;
    }
  });

  it('rule 5: have six digits each, also the tenth of them that begins with a zero', () => {
    const withZero = counts.subarray(0, MILLION / 10).reduce((sum, count) => sum + count);

    expect(misshapen).toEqual([]);
    expect(Math.abs(withZero - MILLION / 10)).toBeLessThan(1000);
  });

  it('rule 5: are as uniform as chance is, by chi-squared over all codes', () => {
    expect(deviation(counts)).toBeLessThan(CRITICAL);
  });

  it('rule 5: have every digit at every place, and every pair at every two places, as often', () => {
    const deviations = Object.entries(countsByPlaces(counts)).map(
      ([places, observed]) => [places, deviation(observed)] as const,
    );

    expect(deviations).toHaveLength(6 + 15);
    expect(deviations.filter(([, deviant]) => deviant >= CRITICAL)).toEqual([]);
  });
});

/** Looked up once: in Jest a global costs more than what it does here. */
const { trunc } = Math;

/** Beyond so many standard deviations a test fails by chance once in a thousand keys; with this key it does not. */
const CRITICAL = 3.29;

/**
 * How far chi-squared lies from what uniform draws make it, upwards or downwards, in standard deviations of
 * a normal distribution (Wilson and Hilferty, 1931).
 */
function deviation(observed: Uint32Array): number {
  const freedom = observed.length - 1;
  const expected = MILLION / observed.length;
  const chiSquared = observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const variance = 2 / (9 * freedom);
  return Math.abs(Math.cbrt(chiSquared / freedom) - (1 - variance)) / Math.sqrt(variance);
}

/** Any 128 bits each, the same in every run: multiples of an odd number. */
function* ids(count: number): Generator<string> {
  const [step, mask] = [0x9e3779b97f4a7c15f39cc0605cedc835n, (1n << 128n) - 1n];
  for (let index = 0, id = step; index < count; index++, id = (id + step) & mask) {
    yield id.toString(16).padStart(32, '0');
  }
}

const digit = (code: number, unit: number) => trunc(code / unit) % 10;

/** How often each digit is at a place of the codes, or each pair of digits at two, by the places. */
function countsByPlaces(counts: Uint32Array): Record<string, Uint32Array> {
  const units = [1, 10, 100, 1000, 10_000, 100_000];
  const tables = units.flatMap((one) => [
    { one, other: 0, sums: new Uint32Array(10) },
    ...units
      .filter((other) => other > one)
      .map((other) => ({ one, other, sums: new Uint32Array(100) })),
  ]);
  for (const { one, other, sums } of tables) {
    for (let code = 0; code < MILLION; code++) {
      const pair = other === 0 ? 0 : digit(code, other) * 10;
      sums[pair + digit(code, one)]! += counts[code]!;
    }
  }
  return Object.fromEntries(tables.map(({ one, other, sums }) => [`${one} ${other}`, sums]));
}
