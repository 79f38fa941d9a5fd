/**
 * Why something was refused, more finely than callers may know: for the log, the audit and metrics only. A right code is
 * `expired`, `used`, or `lane_exhausted` where its request, its device or all strangers together have had their wrong ones; `other_number`
 * comes with the handle of another number's request.
 */
export const REFUSAL_REASONS = [
  // A code.
  'wrong',
  'expired',
  'used',
  'never_sent',
  'lane_exhausted',
  'other_number',
  // A message, by what we decide before a provider is asked.
  'blocked',
  'paused',
  'pumped',
  'own_number',
  'no_captcha',
  'wrong_captcha',
  'budget',
  'network_share',
  'number_share',
  // The same, by what became of it at the providers.
  'refused',
  'throttled',
  'unknown',
  'rejected',
  'failed',
  'spared',
  // A login or a refresh.
  'disabled',
  'unknown_username',
  'wrong_password',
  'password_changed',
  'signup_closed',
  'hook',
  'session_ended',
  'reuse',
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];
