/** A median, and where it lies in nine of ten runs of the same measurement. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const CONFIDENCE = 0.9;
const RESAMPLES = 1000;

export function quantile(samples: ArrayLike<number>, q: number): number {
  return Float64Array.from(samples).toSorted()[Math.floor(q * (samples.length - 1))]!;
}

/** The mean of the two in the middle where there are two. */
export function median(samples: ArrayLike<number>): number {
  const sorted = Float64Array.from(samples).toSorted();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/**
 * The median of samples in groups, with a bootstrap interval: what other draws from the same groups, and as many
 * groups, would have given. Samples of one start of a server are alike, so starts are drawn first and samples within.
 *
 * @param groups of which some may be empty, but not all.
 */
export function estimate(groups: readonly (readonly number[])[]): Estimate {
  const filled = groups.filter((group) => group.length > 0);
  const draw = seeded();
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(resample(filled, draw).flatMap((group) => resample(group, draw))),
  );
  const tail = (1 - CONFIDENCE) / 2;
  return {
    median: median(filled.flat()),
    low: quantile(medians, tail),
    high: quantile(medians, 1 - tail),
  };
}

function resample<T>(from: readonly T[], draw: () => number): T[] {
  return from.map(() => from[Math.floor(draw() * from.length)]!);
}

/** Between 0 and 1, the same ones each time: the same samples give the same interval. After Numerical Recipes. */
function seeded(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
