interface Limit {
  readonly points: number;
  /** Seconds from the first point taken until all of them are back. */
  readonly window: number;
  /** What there are too many of, for the 429. */
  readonly subject: string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Every limit. Guesses count when they are wrong; sends count when the message went out. */
export const LIMITS = {
  'code-cooldown': { points: 1, window: MINUTE, subject: 'codes for this number' },
  'codes-per-number': { points: 5, window: HOUR, subject: 'codes for this number' },
  'codes-per-address': { points: 30, window: HOUR, subject: 'codes from this address' },
  'guesses-per-number': { points: 5, window: 10 * MINUTE, subject: 'wrong codes for this number' },
  'guesses-per-address': {
    points: 30,
    window: 10 * MINUTE,
    subject: 'wrong codes from this address',
  },
  'password-changes-per-user': { points: 10, window: HOUR, subject: 'password changes' },
  'passwords-per-username': {
    points: 10,
    window: 10 * MINUTE,
    subject: 'wrong passwords for this username',
  },
  'passwords-per-address': {
    points: 50,
    window: 10 * MINUTE,
    subject: 'wrong passwords from this address',
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;
export type Limits = Record<LimitName, Limit>;

/** The injection token of {@link LIMITS}. */
export const LIMIT_TABLE = Symbol('LimitTable');
