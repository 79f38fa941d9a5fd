import { quantile } from './statistics';

/**
 * Tests whether two kinds of samples are alike, by order alone: they ask for no distribution, and single
 * slow samples move them little. Each answers the z by which `one` is the longer, in standard deviations of
 * what chance does.
 */
export type RankTest = (one: Float64Array, other: Float64Array) => number;

/** The Mann–Whitney U test: in how many pairs the sample of `one` is the longer. */
export const mannWhitney: RankTest = (one, other) => {
  const [n, m] = [one.length, other.length];
  const u = countPairs(one, other) - (n * m) / 2;
  return u / Math.sqrt((n * m * (n + m + 1)) / 12);
};

/** How many of the fastest fifth are of `other`: what a machine does meanwhile only ever adds. */
export const fastestFifth: RankTest = (one, other) => {
  const [n, m] = [one.length, other.length];
  const limit = quantile(Float64Array.of(...one, ...other), 0.2);
  const [ofOne, ofOther] = [one, other].map((samples) => samples.filter((s) => s <= limit).length);
  const fast = ofOne! + ofOther!;
  const share = m / (n + m);
  const variance = fast * share * (1 - share) * (1 - fast / (n + m));
  return (ofOther! - fast * share) / Math.sqrt(variance);
};

/** A tie counts half. */
function countPairs(one: Float64Array, other: Float64Array): number {
  const [left, right] = [one.toSorted(), other.toSorted()];
  let [below, notAbove, pairs] = [0, 0, 0];
  for (const value of left) {
    while (right[below]! < value) below++;
    while (right[notAbove]! <= value) notAbove++;
    pairs += (below + notAbove) / 2;
  }
  return pairs;
}
