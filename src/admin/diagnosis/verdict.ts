import type { ErrorCode } from '../../common/errors';

/** What is looked at, in the order in which it decides. */
export const CHECKS = [
  'number',
  'user',
  'block',
  'limits',
  'captcha',
  'pause',
  'budget',
  'provider',
  'delivery',
  'code',
  'password',
  'session',
  'request',
] as const;

export type CheckName = (typeof CHECKS)[number];

/** What speaks for a verdict: nothing personal, and no code. */
export type Evidence = Readonly<
  Record<string, string | number | boolean | null | readonly string[] | readonly object[]>
>;

/** What one check found. */
export interface Verdict {
  readonly check: CheckName;
  readonly verdict: 'ok' | 'warns' | 'blocks';
  /** What the person is answered. */
  readonly error_code: ErrorCode | null;
  readonly since: Date | null;
  readonly until: Date | null;
  readonly evidence: Evidence;
  /** What an operator can do. */
  readonly action: string | null;
}

type Found = Partial<Omit<Verdict, 'check' | 'verdict'>>;

const NOTHING = { error_code: null, since: null, until: null, evidence: {}, action: null };

export const ok = (check: CheckName, found: Found = {}): Verdict => ({
  ...NOTHING,
  ...found,
  check,
  verdict: 'ok',
});

export const warns = (check: CheckName, found: Found): Verdict => ({
  ...NOTHING,
  ...found,
  check,
  verdict: 'warns',
});

export const blocks = (check: CheckName, found: Found): Verdict => ({
  ...NOTHING,
  ...found,
  check,
  verdict: 'blocks',
});
