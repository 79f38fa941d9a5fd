import { Clock } from '../common/clock';
import type { Count } from './counters';
import { LocalCounters } from './local-counters';

const MAX_BUCKETS = 3;

const count = (bucket: string, whenFull: Count['whenFull']): Count => ({
  name: 'codes-per-address',
  bucket,
  points: 1,
  windowSeconds: 60,
  whenFull,
});

describe('the counters of a process that has no room for more', () => {
  let counters: LocalCounters;

  beforeEach(() => {
    jest.useFakeTimers();
    counters = new LocalCounters(new Clock(), MAX_BUCKETS);
  });
  afterEach(() => jest.useRealTimers());

  const take = async (bucket: string, whenFull: Count['whenFull']) => {
    const { waits } = await counters.take([count(bucket, whenFull)]);
    return waits[0] === 0;
  };

  it('forget the oldest', async () => {
    for (const bucket of ['a', 'b', 'c', 'd']) expect(await take(bucket, 'forget')).toBe(true);

    expect(await take('d', 'forget')).toBe(false);
    expect(await take('a', 'forget')).toBe(true);
  });

  it('or refuse new ones, and keep those that they have, until the oldest ends', async () => {
    for (const bucket of ['a', 'b', 'c']) await take(bucket, 'refuse');

    expect(await take('d', 'refuse')).toBe(false);
    expect(await take('a', 'refuse')).toBe(false);
    jest.advanceTimersByTime(60_000);
    expect(await take('d', 'refuse')).toBe(true);
  });
});
