import * as fc from 'fast-check';
import { FINE } from '../support/client-model/browser';
import { Simulation, type Step, stories } from '../support/client-model/simulation';
import { FUZZ_SEED } from '../support/scale';

const STEPS = 100;
const STORIES = 200;

const seeds = Array.from({ length: 20 }, (_, seed) => seed);

async function violationsOf(steps: Step[], rotates: boolean, hasChannel = true): Promise<string[]> {
  const browser = { rotates, hasChannel, tabs: 3, accessSeconds: 7200, steps };
  const lived = seeds.flatMap((seed) =>
    [false, true].map((hasCookie) => new Simulation({ ...browser, seed, hasCookie }).run()),
  );
  return (await Promise.all(lived)).flat();
}

describe('tabs of one browser', () => {
  it('rule 23: are logged out by the end of their session only, keep one line of tokens, and refresh once an expiry', async () => {
    const property = fc.asyncProperty(stories(STEPS), async (story) => {
      expect(await new Simulation(story).run()).toEqual([]);
    });

    await fc.assert(property, { numRuns: STORIES, seed: FUZZ_SEED });
  }, 120_000);

  it('rule 23: spend no successor while a request with the token before it may be under way', async () => {
    const slow = { ...FINE, requestDelay: 60_000 };
    const steps: Step[] = [
      { kind: 'refuse', tab: 0 },
      { kind: 'weather', weather: slow },
      { kind: 'pass', milliseconds: 60 },
      { kind: 'weather', weather: FINE },
      { kind: 'request', tab: 1 },
      { kind: 'pass', milliseconds: 500 },
      { kind: 'refuse', tab: 2 },
      { kind: 'pass', milliseconds: 300_000 },
    ];

    expect(await violationsOf(steps, true)).toEqual([]);
  });

  it.each([
    ['a tab', []],
    ['a page that is loaded then', [{ kind: 'open' } as const]],
    [
      'a page that is loaded when it takes some again',
      [
        { kind: 'writable', is: true } as const,
        { kind: 'pass', milliseconds: 2000 } as const,
        { kind: 'open' } as const,
      ],
    ],
  ])(
    'rule 23: spend a cookie none too soon whose store takes no changes, in %s',
    async (_which, loaded) => {
      const slow = { ...FINE, requestDelay: 60_000 };
      const steps: Step[] = [
        { kind: 'refuse', tab: 0 },
        { kind: 'weather', weather: slow },
        { kind: 'pass', milliseconds: 60 },
        { kind: 'weather', weather: FINE },
        { kind: 'writable', is: false },
        { kind: 'request', tab: 1 },
        { kind: 'pass', milliseconds: 500 },
        ...loaded,
        { kind: 'request', tab: loaded.length > 0 ? 3 : 2 },
        { kind: 'pass', milliseconds: 300_000 },
      ];

      expect(await violationsOf(steps, true)).toEqual([]);
    },
  );

  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])(
    'rule 23: do not undo a logout in another one (rotation: %s, channel: %s)',
    async (rotates, hasChannel) => {
      const steps: Step[] = [0, 10, 20, 30, 40, 60, 80, 100].flatMap((after): Step[] => [
        { kind: 'logOutMidRefresh', tab: 0, by: 1, after },
        { kind: 'pass', milliseconds: 1000 },
        { kind: 'logIn', tab: 2 },
        { kind: 'pass', milliseconds: 70_000 },
      ]);

      expect(await violationsOf(steps, rotates, hasChannel)).toEqual([]);
    },
  );
});
