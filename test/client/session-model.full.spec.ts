import * as fc from 'fast-check';
import { Simulation, stories } from '../support/client-model/simulation';
import { FUZZ_SEED } from '../support/scale';

const STEPS = 200;
const STORIES = 5000;

describe('a million steps of tabs of one browser', () => {
  it('rule 23: log nobody out without a cause', async () => {
    const property = fc.asyncProperty(stories(STEPS), async (story) => {
      expect(await new Simulation(story).run()).toEqual([]);
    });

    await fc.assert(property, { numRuns: STORIES, seed: FUZZ_SEED });
  }, 3_600_000);
});
