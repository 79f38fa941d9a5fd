const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The pauses between ten attempts: three days. */
const PAUSES_MS = [
  5 * SECOND,
  30 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  27 * HOUR,
];

/** Apart from each other: what failed together need not come back together. */
const JITTER = 0.2;

/**
 * How long to wait behind an attempt that failed; undefined behind the last one.
 *
 * @param attempt 1, 2, 3 and so on. @param least milliseconds that the receiver asked for.
 */
export function pauseAfter(attempt: number, least = 0): number | undefined {
  const pause = PAUSES_MS[attempt - 1];
  if (pause === undefined) return undefined;
  return Math.round(Math.max(pause, least) * (1 + Math.random() * JITTER));
}
