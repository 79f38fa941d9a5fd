import { judgeChange, judgeGoal } from '../../bench/goals';
import { estimate } from '../../bench/statistics';

const [STARTS, PAIRS] = [3, 20];

/** Between 0 and 1, the same ones for the same seed. */
function drawer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

/** Ratios of runs on a machine whose speed halves and doubles between pairs, but hardly within one. */
function ratiosOf(change: number, seed: number): number[][] {
  const draw = drawer(seed);
  const within = (share: number) => 1 + share * (draw() + draw() + draw() - 1.5);
  return Array.from({ length: STARTS }, () => {
    const ofStart = within(0.005);
    return Array.from({ length: PAIRS }, () => {
      const speed = 50 * 2 ** (draw() * 2 - 1);
      const [first, own] = [speed * within(0.04), speed * change * ofStart * within(0.04)];
      return own / first;
    });
  });
}

const verdicts = (change: number) =>
  Array.from({ length: 15 }, (_, seed) => judgeChange(estimate(ratiosOf(change, seed + 1))));

describe('the verdict of the benchmark on a change', () => {
  it('finds three per cent more, and three per cent less', () => {
    const more = verdicts(1.03).filter((verdict) => verdict === 'costs more');
    const less = verdicts(0.97).filter((verdict) => verdict === 'costs less');

    expect(more.length).toBeGreaterThan(12);
    expect(less.length).toBeGreaterThan(12);
  });

  it('finds none in noise', () => {
    const none = verdicts(1).filter((verdict) => verdict === 'no difference seen');

    expect(none.length).toBeGreaterThan(11);
  });
});

describe('the verdict of the benchmark on a goal', () => {
  it.each([
    [1.02, 'met'],
    [0.97, 'open'],
    [0.89, 'missed'],
  ])('of 0.95 of the limit, at %d, is %s', (median, expected) => {
    expect(judgeGoal({ share: 0.95 }, around(median))).toBe(expected);
  });

  it.each([
    [99, 'met'],
    [100, 'open'],
    [101, 'missed'],
  ])('of 100 µs, at %d, is %s', (median, expected) => {
    expect(judgeGoal({ microseconds: 100 }, around(median))).toBe(expected);
  });
});

const around = (median: number) => ({ median, low: median - 0.05, high: median + 0.05 });
