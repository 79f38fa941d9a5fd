import * as fc from 'fast-check';
import { anyText } from '../../test/support/any-text';
import { FUZZ_SEED, FUZZES_FULLY } from '../../test/support/scale';
import { Env } from './env';
import { seconds } from './env-fields';
import { EnvError, parseEnv } from './load-env';

const RUNS = { numRuns: FUZZES_FULLY ? 10_000 : 300, seed: FUZZ_SEED };
const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 };
const NAMES = Object.keys(new Env());
const SECRETS = NAMES.filter((name) => /SECRET|TOKEN$|KEY/.test(name));

/** What values are made of, put together in any way. */
const PIECES = [
  'CN',
  '*',
  ':',
  '=',
  '/',
  ',',
  '-',
  '@',
  '.',
  '1',
  '99',
  '5m',
  '1h',
  'log',
  'sns',
  'mysql://h/d',
  'http://a',
  '+8613800000000',
  '123456',
  '2027-01-01',
  'code-cooldown',
  '__proto__',
  '\0',
  ' ',
  '{',
  '\u00e9',
];
const texts = fc.oneof(
  anyText(),
  fc.array(fc.constantFrom(...PIECES)).map((pieces) => pieces.join('')),
);

describe('the environment, whatever it holds', () => {
  it('is usable, or refused with sentences that name a variable each', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...NAMES), texts, { maxKeys: 4 }), (variables) => {
        const problems = problemsOf(variables);
        expect(problems.filter((problem) => !NAMES.some((name) => problem.includes(name)))).toEqual(
          [],
        );
      }),
      RUNS,
    );
  });

  it('tells no secret when it is refused', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SECRETS),
        fc.stringMatching(/^[a-z]{12,20}$/),
        (name, secret) => {
          const problems = problemsOf({ NODE_ENV: 'production', PORT: 'none', [name]: secret });
          expect(problems.join('\n')).not.toContain(secret);
          expect(problems.length).toBeGreaterThan(0);
        },
      ),
      RUNS,
    );
  });

  it('holds durations that are read to the second, and nothing else that looks like one', () => {
    const amounts = fc.nat(999_999);
    const units = fc.constantFrom(...(Object.keys(UNITS) as (keyof typeof UNITS)[]));
    fc.assert(
      fc.property(amounts, units, texts, (amount, unit, text) => {
        expect(seconds(`${amount}${unit}`)).toBe(amount * UNITS[unit]);
        expect(seconds(text) === undefined).toBe(!/^\d{1,6}[smhd]$/.test(text));
      }),
      RUNS,
    );
  });
});

function problemsOf(variables: NodeJS.ProcessEnv): string[] {
  try {
    parseEnv(variables);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
}
