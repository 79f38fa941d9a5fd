import { ASSUMPTIONS, type Assumptions } from '../../bench/capacity/assumptions';
import { demandOf } from '../../bench/capacity/demand';
import { KINDS, rates } from '../../bench/capacity/rates';
import { simulate } from '../../bench/capacity/simulation';

const NODES = 10;
/** What is rare as assumed, often enough for its number to say something. */
const OFTEN = { newUsers: 10, wrongCodes: 0.5 };

const POPULATIONS: [string, Partial<Assumptions>, number][] = [
  ['as assumed', {}, 10_000],
  ['that is busy all day', { visitsPerDay: 8, peakFactor: 1.2, sessionDays: 3 }, 5000],
  ['that comes once a week and logs out', { visitsPerDay: 1 / 7, logouts: 0.3 }, 30_000],
];

describe.each(POPULATIONS)('the capacity of a population %s', (_, changes, devices) => {
  const population = { ...ASSUMPTIONS, ...OFTEN, ...changes };
  const formula = rates(population, NODES);
  const simulated = simulate(population, NODES, { devices, days: 28, seed: 20_260_131 });

  it.each(KINDS)('is what a simulation says: %s', (kind) => {
    expect(Math.abs(simulated.mean[kind] / formula.mean[kind] - 1)).toBeLessThan(0.04);
    expect(Math.abs(simulated.peak[kind] / formula.peak[kind] - 1)).toBeLessThan(0.08);
  });

  it('is what a simulation says: sessions that are alive', () => {
    expect(Math.abs(simulated.liveSessions / formula.liveSessions - 1)).toBeLessThan(0.01);
  });
});

it('more users need more of everything', () => {
  const [some, more] = [1e6, 1e8].map((users) => demandOf({ ...ASSUMPTIONS, users }));

  const { rates: _, ...figures } = some!;
  const alike = Object.entries(figures).filter(
    ([name, value]) => value >= (more![name as keyof typeof more] as number),
  );
  expect(alike).toEqual([]);
});
