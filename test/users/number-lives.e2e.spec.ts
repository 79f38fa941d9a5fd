import * as fc from 'fast-check';
import { holdBackgroundJobs } from '../support/background-jobs';
import { LIVELY, lives, NumberLives } from '../support/number-lives';
import { AT_FULL_SCALE, FUZZ_SEED, FUZZES_FULLY } from '../support/scale';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const AT_MOST_MS = 3_600_000;
const LIVES = FUZZES_FULLY ? 10_000 : AT_FULL_SCALE ? 500 : 12;
const ROUNDS = FUZZES_FULLY || AT_FULL_SCALE ? 6 : 4;

describe.each(MODES)('numbers of two users and a thief (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: LIVELY });
  });
  afterAll(() => app.close());

  it(
    'rule 19: move to nobody whose holder has not shown them, and nobody reads the profile of another',
    async () => {
      const property = fc.asyncProperty(lives(ROUNDS), async (life) => {
        expect(await new NumberLives(app).run(life)).toEqual([]);
      });

      await fc.assert(property, { numRuns: LIVES, seed: FUZZ_SEED, endOnFailure: true });
    },
    AT_MOST_MS,
  );
});
