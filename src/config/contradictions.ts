import { countryOf, type E164, maskMobile } from '../common/phone-number';
import { servesMobile } from '../common/number-reading';
import { READ_AS } from '../common/territories';
import type { Env } from './env';
import type { ProviderName } from './sms-env';
import { routeOf } from './sms-settings';
import { isSenderId } from './twilio-from';
import { isLoopback } from './outgoing-urls';
import { plainRedis, replicaOfAnotherDatabase } from './redis-settings';

interface Contradiction {
  /** Nothing is said of them when one of them cannot be used anyway. */
  readonly settings: readonly (keyof Env)[];
  /** @param given the variables that are set. */
  readonly problems: (env: Env, given: ReadonlySet<string>) => Iterable<string>;
}

const ROUTING = ['SMS_COUNTRIES', 'SMS_ROUTES', 'SMS_PROVIDERS'] as const;

/** Settings that can each be used, and of which one makes void what another says. docs/configuration.md lists them. */
const CONTRADICTIONS: readonly Contradiction[] = [
  { settings: ['SMS_COUNTRIES', 'TEST_NUMBERS'], problems: testNumbersAbroad },
  { settings: ['SMS_COUNTRIES', 'SMS_ROUTES'], problems: routesToNowhere },
  { settings: ['SMS_COUNTRIES', 'SMS_BUDGET_DAILY'], problems: budgetsOfNowhere },
  { settings: ['SMS_BUDGET_DAILY'], problems: budgetsAboveTheTotal },
  { settings: [...ROUTING, 'TWILIO_FROM'], problems: senderThatCarriersRefuse },
  { settings: [...ROUTING, 'TENCENT_SIGN_NAME'], problems: missingSignature },
  { settings: ['SESSION_IDLE_TTL', 'REFRESH_TOKEN_TTL'], problems: idleBeyondTheEnd },
  { settings: ['ACCESS_TOKEN_TTL', 'REFRESH_TOKEN_TTL'], problems: accessBeyondTheEnd },
  { settings: ['REFRESH_COOKIE', 'PUBLIC_URL'], problems: cookieOverHttp },
  { settings: ['NUMBER_LOOKUP_URL', 'NUMBER_LOOKUP_SECRET'], problems: unsignedLookup },
  { settings: ['TERMS_URL', 'TERMS_VERSION'], problems: unnamedTerms },
  { settings: ['PORT', 'METRICS_PORT'], problems: onePortForBoth },
  { settings: ['DATABASE_URL', 'DATABASE_TLS'], problems: encryptedFile },
  { settings: ['REDIS_URL', 'REDIS_REPLICA_URL'], problems: replicaOfAnotherDatabase },
  {
    settings: [
      'REDIS_URL',
      'REDIS_REPLICA_URL',
      'REDIS_SENTINELS',
      'REDIS_CLUSTER_NODES',
      'REDIS_TLS',
    ],
    problems: plainRedis,
  },
];

/** @param unusable the variables whose values cannot be used. */
export function* contradictions(
  env: Env,
  given: ReadonlySet<string>,
  unusable: ReadonlySet<string>,
): Generator<string> {
  for (const { settings, problems } of CONTRADICTIONS) {
    if (!settings.some((name) => unusable.has(name))) yield* problems(env, given);
  }
}

function* testNumbersAbroad({ SMS_COUNTRIES, TEST_NUMBERS }: Env): Generator<string> {
  for (const mobile of TEST_NUMBERS.map((number) => number.mobile as E164)) {
    if (servesMobile(mobile, SMS_COUNTRIES)) continue;
    yield `TEST_NUMBERS has ${maskMobile(mobile)}, which nobody can log in with: add ${countryOf(mobile)} to SMS_COUNTRIES, or drop the number`;
  }
}

function* routesToNowhere({ SMS_COUNTRIES, SMS_ROUTES }: Env): Generator<string> {
  yield* ofNowhere('SMS_ROUTES', Object.keys(SMS_ROUTES), SMS_COUNTRIES);
}

function* budgetsOfNowhere({ SMS_COUNTRIES, SMS_BUDGET_DAILY }: Env): Generator<string> {
  yield* ofNowhere('SMS_BUDGET_DAILY', Object.keys(SMS_BUDGET_DAILY), SMS_COUNTRIES);
}

function* ofNowhere(name: string, named: string[], served: string[]): Generator<string> {
  const isServed = (country: string) =>
    served[0] === '*' || served.some((other) => other === country || READ_AS[other] === country);
  for (const country of named.filter((one) => one !== '*')) {
    const readAs = READ_AS[country];
    if (readAs) {
      yield `${name} names ${country}, whose numbers nobody can tell from those of ${readAs}: name ${readAs}`;
    } else if (!isServed(country)) {
      yield `${name} names ${country}, which is not served: add it to SMS_COUNTRIES, or drop it`;
    }
  }
}

function* budgetsAboveTheTotal({ SMS_BUDGET_DAILY }: Env): Generator<string> {
  const { '*': total = Infinity, ...countries } = SMS_BUDGET_DAILY;
  for (const [country, amount] of Object.entries(countries)) {
    if (amount > total) {
      yield `SMS_BUDGET_DAILY gives ${country} ${amount}, and all countries together ${total}: raise the total, like ${amount},${country}:${amount}`;
    }
  }
}

/** Where carriers take numbers only: https://help.twilio.com/articles/223133767 */
const WITHOUT_SENDER_IDS = ['CA', 'US'];

function* senderThatCarriersRefuse(env: Env): Generator<string> {
  const { TWILIO_FROM: from } = env;
  if (!from || !isSenderId(from)) return;
  for (const country of WITHOUT_SENDER_IDS.filter((one) => sendsTo(one, 'twilio', env))) {
    yield `TWILIO_FROM=${from} cannot send to ${country}, where carriers take numbers only: take a number, a short code or a messaging service`;
  }
}

function* missingSignature(env: Env): Generator<string> {
  if (sendsTo('CN', 'tencent', env) && !env.TENCENT_SIGN_NAME) {
    yield 'TENCENT_SIGN_NAME must be set: Tencent Cloud sends to CN, which SMS_COUNTRIES names, with a signature only';
  }
}

/** With `*` nobody has asked for this country. */
const sendsTo = (country: string, provider: ProviderName, env: Env) =>
  env.SMS_COUNTRIES.includes(country) && routeOf(country, env).includes(provider);

function* idleBeyondTheEnd({ SESSION_IDLE_TTL, REFRESH_TOKEN_TTL }: Env): Generator<string> {
  if (SESSION_IDLE_TTL !== undefined && SESSION_IDLE_TTL > REFRESH_TOKEN_TTL) {
    yield 'SESSION_IDLE_TTL must not exceed REFRESH_TOKEN_TTL, after which every session ends';
  }
}

/** The default may: an access token ends with its session. */
function* accessBeyondTheEnd(env: Env, given: ReadonlySet<string>): Generator<string> {
  if (given.has('ACCESS_TOKEN_TTL') && env.ACCESS_TOKEN_TTL > env.REFRESH_TOKEN_TTL) {
    yield 'ACCESS_TOKEN_TTL must not exceed REFRESH_TOKEN_TTL, after which every session ends';
  }
}

/** Browsers keep a `Secure` cookie of https alone, and of this very machine. */
function* cookieOverHttp({ REFRESH_COOKIE, PUBLIC_URL }: Env): Generator<string> {
  if (REFRESH_COOKIE === 'off' || !PUBLIC_URL) return;
  const { protocol, hostname } = new URL(PUBLIC_URL);
  if (protocol === 'http:' && !isLoopback(hostname)) {
    yield 'REFRESH_COOKIE needs a PUBLIC_URL that starts with https: browsers keep its cookies of no other';
  }
}

/** It says whom an account belongs to. */
function* unsignedLookup({ NUMBER_LOOKUP_URL, NUMBER_LOOKUP_SECRET }: Env): Generator<string> {
  if (NUMBER_LOOKUP_URL && !NUMBER_LOOKUP_SECRET)
    yield 'NUMBER_LOOKUP_SECRET must be set for NUMBER_LOOKUP_URL: it signs what is asked';
}

/** What has no name is agreed to by nobody. */
function* unnamedTerms({ TERMS_URL, TERMS_VERSION }: Env): Generator<string> {
  if (TERMS_URL && !TERMS_VERSION)
    yield 'TERMS_VERSION must be set for TERMS_URL: nobody is shown terms without a version, and nobody agrees to them';
}

/** Whoever asks for encryption must not get a file for a server. */
function* encryptedFile({ DATABASE_URL, DATABASE_TLS }: Env): Generator<string> {
  if (DATABASE_URL?.startsWith('sqlite:') && DATABASE_TLS !== 'off') {
    yield 'DATABASE_TLS is for mysql://…: unset it, DATABASE_URL names a file';
  }
}

function* onePortForBoth({ PORT, METRICS_PORT }: Env): Generator<string> {
  if (METRICS_PORT === PORT) {
    yield 'METRICS_PORT must differ from PORT, which clients reach: leave it out to serve /metrics there';
  }
}
