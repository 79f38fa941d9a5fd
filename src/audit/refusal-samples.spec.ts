import * as fc from 'fast-check';
import { RefusalSamples } from './refusal-samples';

const KIND = {
  action: 'login.refused',
  reason: 'INVALID_CODE',
  network: '203.0.113.0/24',
} as const;

describe('which refusals the audit tells one by one', () => {
  let now: number;
  let samples: RefusalSamples;

  beforeEach(() => {
    now = 1_800_000_000_000;
    samples = new RefusalSamples(() => now);
  });

  const take = (subject?: string, network: string = KIND.network) =>
    samples.take({ ...KIND, network }, subject, true);
  const counts = () => {
    now += 61_000;
    return samples.countsOfLastMinute().map(({ network, count }) => [network, count]);
  };

  it('are twenty a minute of a network, and the first of every number always', () => {
    const told = Array.from({ length: 100 }, () => take('+8613812345678')).filter(Boolean);

    expect(told).toHaveLength(20);
    expect(take('+8613812345679')).toBe(true);
    expect(take('+8613812345679')).toBe(false);
    expect(take('+8613812345678', '198.51.100.0/24')).toBe(true);
    now += 3_600_000;
    expect(take('+8613812345679')).toBe(true);
  });

  it('are none without room, and then they are counted', () => {
    expect(samples.take(KIND, 'x', false)).toBe(false);

    expect(counts()).toEqual([[KIND.network, 1]]);
    expect(counts()).toEqual([]);
  });

  it('and those that are counted are together all there were, from however many networks', () => {
    const networks = fc.array(fc.nat(3000), { maxLength: 5000 });
    fc.assert(
      fc.property(networks, (from) => {
        samples = new RefusalSamples(() => now);
        const told = from.filter((network) => take(undefined, `n${network}`)).length;
        const counted = counts().reduce((sum, [, count]) => sum + Number(count), 0);
        expect(told + counted).toBe(from.length);
      }),
      { numRuns: 50 },
    );
  });
});
