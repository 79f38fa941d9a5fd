/** `npm run simulate` runs attacks at the scale that docs/abuse.md tells of, `npm test` at one that shows the same. */
export const AT_FULL_SCALE = process.env.SIMULATE === 'full';

/** `npm run fuzz` goes on for minutes, `npm test` for seconds. */
export const FUZZES_FULLY = process.env.FUZZ === 'full';

/**
 * What a failure names repeats it: `FUZZ_SEED=123 npm run fuzz`. Elsewhere it is the same every time: what another one
 * finds is new to nobody who only changes something else.
 */
export const FUZZ_SEED = process.env.FUZZ_SEED
  ? Number(process.env.FUZZ_SEED)
  : FUZZES_FULLY
    ? undefined
    : 1;
