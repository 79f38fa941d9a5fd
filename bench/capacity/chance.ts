// Jest looks globals up slowly.
const { exp, imul, log } = Math;

export interface Random {
  /** From 0 to 1. */
  next(): number;
  happens(probability: number): boolean;
  /** Until the next event of a Poisson process. */
  wait(rate: number): number;
  /** Of the events of a Poisson process in the time in which it has `mean` of them. */
  count(mean: number): number;
}

/** The same numbers for the same seed: mulberry32. */
export function chance(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const count = (mean: number) => {
    const limit = exp(-mean);
    let events = 0;
    for (let product = next(); product > limit; product *= next()) events++;
    return events;
  };
  return {
    next,
    happens: (probability) => next() < probability,
    wait: (rate) => -log(1 - next()) / rate,
    count,
  };
}
