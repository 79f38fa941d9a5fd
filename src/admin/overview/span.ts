import type { Range } from '../dto/overview.dto';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const STEPS: Record<Range, readonly [count: number, milliseconds: number]> = {
  '1h': [12, 5 * MINUTE_MS],
  '24h': [24, HOUR_MS],
  '30d': [30, DAY_MS],
};

/** A range in steps of one length, which begin at full ones in UTC. */
export interface Span {
  readonly starts: readonly number[];
  readonly stepMs: number;
  readonly until: number;
}

export function spanOf(range: Range, now: number): Span {
  const [count, stepMs] = STEPS[range];
  const last = now - (now % stepMs);
  const starts = Array.from({ length: count }, (_, index) => last - (count - 1 - index) * stepMs);
  return { starts, stepMs, until: now };
}
