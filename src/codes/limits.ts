import type { LimitKind } from '../common/errors';
import { EnvError } from '../config/load-env';
import type { WindowLimit } from '../config/sms-env-fields';
import {
  all,
  crowded,
  devices,
  fresh,
  guessers,
  inHand,
  isKnown,
  type Limited,
  keptFor,
  keptForHomes,
  noDevice,
  others,
  othersAtHunted,
  requests,
  type Scope,
  type Who,
} from './limited';

/**
 * What counts. A message whose code is used counts no longer as unused, easy (one without a captcha) or a request; a live
 * wrong code is one for a number that a code is under way for.
 */
export type Counted =
  | 'request'
  | 'pace'
  | 'message'
  | 'unused message'
  | 'easy message'
  | 'wrong code'
  | 'live wrong code'
  | 'password'
  | 'right password'
  | 'wrong password'
  | 'captcha'
  | 'change'
  | 'search'
  | 'reveal'
  | 'lift'
  | 'export'
  | 'number change'
  | 'undo'
  | 'reassignment'
  | 'answer'
  | 'notice';

/**
 * What an empty limit means. `wait`: 429 until a point is back. `captcha`: 428 without one. `wrong`: every code is, also
 * the right one, so that no answer tells whether a code is under way. `nothing`: it is counted for others.
 */
export const MEANINGS = ['wait', 'captcha', 'wrong', 'nothing'] as const;

export type Empty = (typeof MEANINGS)[number];

type Row = readonly [
  counts: Counted,
  points: number,
  seconds: number,
  by: Scope,
  who: Who,
  empty: Empty | ((request: Limited) => Empty),
];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Guesses of requests and devices count at their networks, and are not refused there. */
const waitIfGuesser = (request: Limited): Empty => (guessers(request) ? 'wait' : 'nothing');
/** Nor do they fall into the lane of those who have neither. */
const wrongIfGuesser = (request: Limited): Empty => (guessers(request) ? 'wrong' : 'nothing');

/** Asking for a code. */
const ASK = {
  'codes-per-address': ['request', 30, HOUR, 'reach', noDevice, 'wait'],
  // Nobody makes another caller wait.
  'code-cooldown': ['pace', 1, MINUTE, 'caller', all, 'wait'],
  'codes-per-number-and-network': ['message', 4, DAY, 'place', others, 'wait'],
  // Of all strangers together. What the owner has left is out of their reach.
  'codes-per-number': ['message', 8, DAY, 'number', others, 'wait'],
  'codes-per-hunted-number': ['message', 3, DAY, 'number', othersAtHunted, 'wait'],
  'codes-to-owner': ['message', 6, DAY, 'number', keptFor, 'wait'],
  // So that nobody next to an owner uses up what devices have.
  'codes-to-home': ['message', 3, DAY, 'number', keptForHomes, 'wait'],
  'crowded-codes-per-address': ['unused message', 2, HOUR, 'address', crowded, 'wait'],
  'fresh-codes-per-prefix': ['unused message', 50, HOUR, 'prefix', fresh, 'wait'],
  'fresh-codes-per-country': ['unused message', 2000, HOUR, 'country', fresh, 'wait'],
  'fresh-codes': ['unused message', 10_000, HOUR, 'all', fresh, 'wait'],
  'known-codes-per-prefix': ['unused message', 200, HOUR, 'prefix', isKnown, 'wait'],
  'known-codes-per-country': ['unused message', 8000, HOUR, 'country', isKnown, 'wait'],
  'easy-codes-per-address': ['easy message', 15, HOUR, 'networks', all, 'captcha'],
  'easy-codes-per-prefix': ['easy message', 20, HOUR, 'prefix', fresh, 'captcha'],
} as const satisfies Record<string, Row>;

/** Presenting a code. A guess is in one lane: its device's, its request's, or that of everybody else. */
const GUESS = {
  'guesses-per-address': ['wrong code', 30, 10 * MINUTE, 'networks', all, waitIfGuesser],
  'guesses-per-number-and-network': ['wrong code', 15, DAY, 'asker', all, waitIfGuesser],
  'guesses-per-device': ['live wrong code', 3, DAY, 'device', devices, 'wrong'],
  'guesses-per-request': ['live wrong code', 3, HOUR, 'request', requests, 'wrong'],
  'guesses-in-hand': ['live wrong code', 3, DAY, 'number', inHand, 'wrong'],
  'guesses-per-number': ['live wrong code', 5, DAY, 'number', guessers, 'wrong'],
  // Until somebody logs in. Beyond, strangers have codes-per-hunted-number.
  'guesses-since-login': ['live wrong code', 100, 20 * DAY, 'number', noDevice, wrongIfGuesser],
  // Those of twenty numbers at least.
  'stray-guesses': ['live wrong code', 100, 10 * MINUTE, 'all', guessers, 'captcha'],
} as const satisfies Record<string, Row>;

/** Presenting a password. Right or wrong, each takes a core 9 ms. What is refused by username does not tell which. */
const LOG_IN = {
  'password-checks-per-address': ['password', 300, 10 * MINUTE, 'networks', noDevice, 'wait'],
  'passwords-per-address': ['wrong password', 50, 10 * MINUTE, 'networks', noDevice, 'wait'],
  'password-logins-per-user': ['right password', 30, HOUR, 'username', all, 'wait'],
  'passwords-per-username': ['wrong password', 10, 10 * MINUTE, 'username', noDevice, 'wait'],
  'passwords-per-username-daily': ['wrong password', 100, DAY, 'username', noDevice, 'wait'],
  'passwords-per-device': ['wrong password', 20, DAY, 'device of a username', devices, 'wait'],
} as const satisfies Record<string, Row>;

/** Captchas that are handed out, and answers that were taken: beyond the easy ones captchas are harder. */
const SOLVE = {
  'captchas-per-address': ['captcha', 100, 10 * MINUTE, 'solver', all, 'wait'],
  'easy-captchas-per-address': ['captcha', 10, HOUR, 'solver', all, 'nothing'],
} as const satisfies Record<string, Row>;

const OTHERS = {
  'password-changes-per-user': ['change', 10, HOUR, 'user', all, 'wait'],
  'exports-per-user': ['export', 1, HOUR, 'user', all, 'wait'],
  'mobile-changes-per-user': ['number change', 5, DAY, 'user', all, 'wait'],
  'undos-per-number': ['undo', 5, DAY, 'number', all, 'wait'],
  'reassignments-per-number': ['reassignment', 20, HOUR, 'number', all, 'wait'],
  'notices-per-number': ['notice', 3, DAY, 'number', all, 'nothing'],
  'captcha-answers': ['answer', 1, HOUR, 'captcha', all, 'wait'],
  // Of operators.
  'searches-per-operator': ['search', 300, HOUR, 'user', all, 'wait'],
  'reveals-per-operator': ['reveal', 30, HOUR, 'user', all, 'wait'],
  'guess-lifts-per-number': ['lift', 2, DAY, 'number', all, 'wait'],
} as const satisfies Record<string, Row>;

/**
 * Every limit: what counts, points, the seconds from the first one taken until all of them are back, by what they are
 * counted, who falls under it, and what an empty one means. `LIMITS` changes points and seconds. {@link chargesOf} reads
 * who falls under what; 429 and `tandem limits` say it.
 */
const ROWS = { ...ASK, ...GUESS, ...LOG_IN, ...SOLVE, ...OTHERS };

export type LimitName = keyof typeof ROWS;

export const scopeOf = (name: LimitName): Scope => ROWS[name][3];

/** The limits on what somebody does. */
export const LIMITS_ON: Record<Limited['does'], readonly (readonly [LimitName, Row])[]> = {
  ask: entriesOf(ASK),
  guess: entriesOf(GUESS),
  'log in': entriesOf(LOG_IN),
  solve: entriesOf(SOLVE),
};

export interface Limit extends WindowLimit {
  /** What there are too many of, for the 429. */
  readonly subject: string;
  readonly kind: LimitKind;
}

export type Limits = Record<LimitName, Limit>;

/** The injection token of the limits that hold. */
export const LIMIT_TABLE = Symbol('LimitTable');

/** @throws EnvError for an unknown limit, or one that cannot be configured. */
export function limitsWith(overrides: Record<string, WindowLimit>): Limits {
  // Not configurable: a captcha answer that works twice is no captcha.
  const { 'captcha-answers': _, ...choices } = ROWS;
  const unknown = Object.keys(overrides).filter((name) => !Object.hasOwn(choices, name));
  if (unknown.length > 0) {
    const known = Object.keys(choices).join(', ');
    throw new EnvError([`LIMITS knows no ${unknown.join(' or ')}, only ${known}`]);
  }
  const limits = entriesOf(ROWS).map(([name, [counts, points, window, by]]) => {
    const [kind, place] = TOLD[by];
    const noun = kind === 'username' ? 'passwords' : NOUNS[counts];
    const subject = `${noun} ${place}`.trim();
    return [name, { points, window, kind, subject, ...overrides[name] }];
  });
  return Object.fromEntries(limits) as Limits;
}

function entriesOf<N extends LimitName>(rows: Record<N, Row>) {
  return Object.entries(rows) as [N, Row][];
}

const NOUNS: Record<Counted, string> = {
  request: 'codes',
  pace: 'codes',
  message: 'codes',
  'unused message': 'codes',
  'easy message': 'codes without a captcha',
  'wrong code': 'wrong codes',
  'live wrong code': 'wrong codes',
  password: 'passwords',
  'right password': 'passwords',
  'wrong password': 'wrong passwords',
  captcha: 'captchas',
  change: 'password changes',
  search: 'searches',
  reveal: 'numbers revealed',
  lift: 'pardons of wrong codes',
  export: 'exports',
  'number change': 'changes of number',
  undo: 'tries to undo a change',
  reassignment: 'answers',
  answer: 'uses',
  notice: 'security notices',
};

const OF_NUMBER = ['number', 'for this number'] as const;
const OF_ADDRESS = ['address', 'from this address'] as const;
const OF_USERNAME = ['username', 'for this account'] as const;

/** How a 429 names what points are counted by. */
const TOLD: Record<Scope, readonly [kind: LimitKind, place: string]> = {
  number: OF_NUMBER,
  asker: OF_NUMBER,
  place: OF_NUMBER,
  caller: OF_NUMBER,
  address: OF_ADDRESS,
  networks: OF_ADDRESS,
  reach: OF_ADDRESS,
  device: ['number', 'from this device'],
  request: ['number', 'for this request'],
  prefix: ['country', 'for numbers like this one'],
  country: ['country', 'for this country'],
  all: ['total', ''],
  username: OF_USERNAME,
  'device of a username': OF_USERNAME,
  user: ['account', ''],
  solver: ['captcha', 'from this address'],
  captcha: ['captcha', 'of this captcha'],
};
