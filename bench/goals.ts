import type { Estimate } from './statistics';

/** What a scenario is to cost Tandem: in CPU microseconds, or beside the limit, of which it is to have a share. */
export type Goal = { readonly microseconds: number } | { readonly share: number };

export const GOALS: Record<string, Goal> = {
  guarded: { share: 0.95 },
  refresh: { share: 0.9 },
  login: { share: 0.7 },
  'first login': { share: 0.7 },
  code: { microseconds: 900 },
  'code limited': { microseconds: 250 },
  'code captcha': { microseconds: 250 },
  'wrong code': { microseconds: 350 },
};

/** A verdict only when all of the interval is on one side. */
export function judgeGoal(goal: Goal, { low, high }: Estimate): 'met' | 'missed' | 'open' {
  if ('share' in goal) return verdict(low >= goal.share, high < goal.share);
  return verdict(high <= goal.microseconds, low > goal.microseconds);
}

const verdict = (isMet: boolean, isMissed: boolean) =>
  isMet ? 'met' : isMissed ? 'missed' : 'open';

/** What is beyond doubt of a ratio of costs to those of the first. */
export function judgeChange({
  low,
  high,
}: Estimate): 'costs more' | 'costs less' | 'no difference seen' {
  if (low > 1) return 'costs more';
  return high < 1 ? 'costs less' : 'no difference seen';
}
