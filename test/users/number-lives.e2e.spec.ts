import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';
import type { Action } from '../../src/audit/actions';
import { holdBackgroundJobs } from '../support/background-jobs';
import { deliverDirectly } from '../support/number-lives/arrivals';
import { LIVELY, liveAll } from '../support/number-lives/many-lives';
import { lives } from '../support/number-lives/stories';
import { AT_FULL_SCALE, FUZZ_SEED, FUZZES_FULLY } from '../support/scale';
import { EVERY_MODE } from '../support/stores';
import { TestApp } from '../support/test-app';

const AT_MOST_MS = 3_600_000;
/** On each store. */
const LIVES = 250;
const ALL_LIVES = 5000;

/** In how many of a hundred lives at least it must happen: what does not happen is not tested. */
const LEAST: Partial<Record<Action, number>> = {
  'user.mobile_changed': 50,
  'mobile_change.requested': 15,
  'mobile_change.cancelled': 15,
  'mobile_change.confirmed': 15,
  'mobile_change.contested': 5,
  'user.deleted': 10,
  'user.detached': 10,
  'user.reassigned': 10,
  'user.number_claimed': 5,
  'number.released': 5,
};

describe.each(EVERY_MODE)('numbers of two users and a thief (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: LIVELY });
    deliverDirectly(app);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  it(
    'rule 19: move to nobody whose holder has not shown them, and nobody reads the profile of another',
    async () => {
      const numRuns = FUZZES_FULLY || AT_FULL_SCALE ? ALL_LIVES : LIVES;
      const seed = FUZZ_SEED ?? randomInt(2 ** 31);

      const { problems, livesWith } = await liveAll(app, fc.sample(lives, { numRuns, seed }));

      expect({ seed, problems }).toEqual({ seed, problems: [] });
      const share = (action: string) => (livesWith(action as Action) / numRuns) * 100;
      const rare = Object.entries(LEAST).filter(([action, least]) => share(action) < least);
      expect(rare.map(([action]) => [action, share(action)])).toEqual([]);
    },
    AT_MOST_MS,
  );
});
