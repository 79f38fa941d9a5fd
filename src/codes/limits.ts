import type { LimitKind } from '../common/errors';
import { EnvError } from '../config/load-env';
import type { WindowLimit } from '../config/sms-env-fields';

interface Limit extends WindowLimit {
  /** What there are too many of, for the 429. */
  readonly subject: string;
  readonly kind: LimitKind;
}

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/**
 * Every limit: points, and the seconds from the first one taken until all of them are back. Guesses
 * count when they are wrong, messages when they went out. `LIMITS` changes them.
 */
const DEFAULTS = {
  'codes-per-address': {
    points: 30,
    window: HOUR_SECONDS,
    subject: 'codes from this address',
    kind: 'address',
  },
  // By number and network, or by device: nobody makes another caller wait.
  'code-cooldown': {
    points: 1,
    window: MINUTE_SECONDS,
    subject: 'codes for this number',
    kind: 'number',
  },
  'codes-per-number-and-network': {
    points: 4,
    window: DAY_SECONDS,
    subject: 'codes for this number',
    kind: 'number',
  },
  // Of all strangers together. What the owner has left is out of their reach.
  'codes-per-number': {
    points: 8,
    window: DAY_SECONDS,
    subject: 'codes for this number',
    kind: 'number',
  },
  'codes-to-owner': {
    points: 6,
    window: DAY_SECONDS,
    subject: 'codes for this number',
    kind: 'number',
  },
  // Only fresh numbers count here: numbers that were verified lately are not limited by attacks on them.
  'fresh-codes-per-prefix': {
    points: 50,
    window: HOUR_SECONDS,
    subject: 'codes for numbers like this one',
    kind: 'country',
  },
  'fresh-codes-per-country': {
    points: 2000,
    window: HOUR_SECONDS,
    subject: 'codes for this country',
    kind: 'country',
  },
  'fresh-codes': { points: 10_000, window: HOUR_SECONDS, subject: 'codes', kind: 'total' },
  // Beyond these a captcha is required.
  'easy-codes-per-address': {
    points: 15,
    window: HOUR_SECONDS,
    subject: 'codes without a captcha',
    kind: 'address',
  },
  'easy-codes-per-prefix': {
    points: 20,
    window: HOUR_SECONDS,
    subject: 'codes without a captcha',
    kind: 'country',
  },
  'captcha-answers': {
    points: 1,
    window: HOUR_SECONDS,
    subject: 'uses of this captcha',
    kind: 'captcha',
  },
  'guesses-per-address': {
    points: 30,
    window: 10 * MINUTE_SECONDS,
    subject: 'wrong codes from this address',
    kind: 'address',
  },
  'guesses-per-number-and-network': {
    points: 15,
    window: DAY_SECONDS,
    subject: 'wrong codes for this number',
    kind: 'number',
  },
  // The lanes of a number: a guess is in one of them. They count while a code is under way, and one that is used up
  // makes every code wrong, so that no answer tells whether there is one.
  'guesses-per-number': {
    points: 5,
    window: DAY_SECONDS,
    subject: 'wrong codes for this number',
    kind: 'number',
  },
  'guesses-per-request': {
    points: 3,
    window: HOUR_SECONDS,
    subject: 'wrong codes for this request',
    kind: 'number',
  },
  'guesses-per-device': {
    points: 3,
    window: DAY_SECONDS,
    subject: 'wrong codes from this device',
    kind: 'number',
  },
  'password-changes-per-user': {
    points: 10,
    window: HOUR_SECONDS,
    subject: 'password changes',
    kind: 'account',
  },
  // Right or wrong: each takes a core 9 ms.
  'password-checks-per-address': {
    points: 300,
    window: 10 * MINUTE_SECONDS,
    subject: 'passwords from this address',
    kind: 'address',
  },
  'passwords-per-address': {
    points: 50,
    window: 10 * MINUTE_SECONDS,
    subject: 'wrong passwords from this address',
    kind: 'address',
  },
  // By account, where there is one. These are refused alike, so that no answer tells that somebody logged in.
  'password-logins-per-user': {
    points: 30,
    window: HOUR_SECONDS,
    subject: 'passwords for this username',
    kind: 'username',
  },
  'passwords-per-username': {
    points: 10,
    window: 10 * MINUTE_SECONDS,
    subject: 'passwords for this username',
    kind: 'username',
  },
  'passwords-per-username-daily': {
    points: 100,
    window: DAY_SECONDS,
    subject: 'passwords for this username',
    kind: 'username',
  },
  // In place of those by username and by address.
  'passwords-per-device': {
    points: 20,
    window: DAY_SECONDS,
    subject: 'passwords for this username',
    kind: 'username',
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof DEFAULTS;
export type Limits = Record<LimitName, Limit>;

/** The injection token of the limits that hold. */
export const LIMIT_TABLE = Symbol('LimitTable');

/** @throws EnvError for an unknown limit, or one that cannot be configured. */
export function limitsWith(overrides: Record<string, WindowLimit>): Limits {
  // Not configurable: a captcha answer that works twice is no captcha.
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
