import { EnvError } from '../config/load-env';
import type { WindowLimit } from '../config/sms-env-fields';

interface Limit extends WindowLimit {
  /** What there are too many of, for the 429. */
  readonly subject: string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Every limit: points, and the seconds from the first one taken until all of them are back. Guesses
 * count when they are wrong, messages when they went out. `LIMITS` changes them.
 */
const DEFAULTS = {
  'codes-per-address': { points: 30, window: HOUR, subject: 'codes from this address' },
  'code-cooldown': { points: 1, window: MINUTE, subject: 'codes for this number' },
  'codes-per-number': { points: 5, window: HOUR, subject: 'codes for this number' },
  'codes-per-number-daily': { points: 10, window: DAY, subject: 'codes for this number' },
  // Over all devices of a number, which have the limits of the number each for itself.
  'codes-to-devices': { points: 20, window: DAY, subject: 'codes for this number' },
  // Numbers that were verified lately are not held up by those who try fresh ones.
  'fresh-codes-per-prefix': {
    points: 50,
    window: HOUR,
    subject: 'codes for numbers like this one',
  },
  'fresh-codes-per-country': { points: 2000, window: HOUR, subject: 'codes for this country' },
  'fresh-codes': { points: 10_000, window: HOUR, subject: 'codes' },
  // Beyond these a captcha is asked for.
  'easy-codes-per-address': { points: 15, window: HOUR, subject: 'codes without a captcha' },
  'easy-codes-per-prefix': { points: 20, window: HOUR, subject: 'codes without a captcha' },
  'captcha-answers': { points: 1, window: HOUR, subject: 'uses of this captcha' },
  'guesses-per-address': {
    points: 30,
    window: 10 * MINUTE,
    subject: 'wrong codes from this address',
  },
  'guesses-per-number': { points: 10, window: DAY, subject: 'wrong codes for this number' },
  'guesses-from-devices': { points: 30, window: DAY, subject: 'wrong codes for this number' },
  'password-changes-per-user': { points: 10, window: HOUR, subject: 'password changes' },
  'passwords-per-address': {
    points: 50,
    window: 10 * MINUTE,
    subject: 'wrong passwords from this address',
  },
  'passwords-per-username': {
    points: 10,
    window: 10 * MINUTE,
    subject: 'wrong passwords for this username',
  },
  'passwords-per-username-daily': {
    points: 100,
    window: DAY,
    subject: 'wrong passwords for this username',
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof DEFAULTS;
export type Limits = Record<LimitName, Limit>;

/** The injection token of the limits that hold. */
export const LIMIT_TABLE = Symbol('LimitTable');

/** @throws EnvError for a name that is no limit, or one that is no matter of choice. */
export function limitsWith(overrides: Record<string, WindowLimit>): Limits {
  // An answer to a captcha that works twice is none.
  const { 'captcha-answers': _, ...choices } = DEFAULTS;
  const unknown = Object.keys(overrides).filter((name) => !Object.hasOwn(choices, name));
  if (unknown.length > 0) {
    const known = Object.keys(choices).join(', ');
    throw new EnvError([`LIMITS knows no ${unknown.join(' or ')}, only ${known}`]);
  }
  const limits = Object.entries(DEFAULTS).map(([name, limit]) => [
    name,
    { ...limit, ...overrides[name] },
  ]);
  return Object.fromEntries(limits) as Limits;
}
