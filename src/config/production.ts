import type { Env } from './env';
import { outgoingUrlProblems } from './outgoing-urls';
import { estimatedBits, MIN_SECRET_BITS } from './secret-strength';
import { PROVIDERS } from './sms-providers';

/** @param given the variables that are set. Each problem says what to set. */
type Rule = (env: Env, given: ReadonlySet<string>) => Iterable<string>;

/** What may not run in production, rule by rule. */
const RULES: readonly Rule[] = [
  defaultsThatNobodyChose,
  shortAccessTokens,
  outgoingUrlProblems,
  plainPagesWithCookies,
  publishedTestKeys,
  missingSecret,
  placeholdersOfIssuedSecrets,
  weakSecrets,
  secretsUsedTwice,
];

export function productionProblems(env: Env, given: ReadonlySet<string>): string[] {
  return RULES.flatMap((rule) => [...rule(env, given)]);
}

const EMBEDDED_DEFAULTS = {
  DATABASE_URL: 'mysql://… (or sqlite:data/tandem.db on one small machine)',
  REDIS_URL: 'redis://… (or REDIS_CLUSTER_NODES, or none on one small machine)',
  SMS_PROVIDERS:
    'twilio, aliyun, tencent, sns or webhook (or log to print the messages to the console)',
} as const;

function* defaultsThatNobodyChose(_: Env, given: ReadonlySet<string>): Generator<string> {
  for (const [name, choice] of Object.entries(EMBEDDED_DEFAULTS)) {
    const isReplaced = name === 'REDIS_URL' && given.has('REDIS_CLUSTER_NODES');
    if (!given.has(name) && !isReplaced) yield `${name} must be set in production: ${choice}`;
  }
}

const MIN_ACCESS_TOKEN_SECONDS = 60;

/** Every one of them costs a refresh. */
function* shortAccessTokens({ ACCESS_TOKEN_TTL }: Env): Generator<string> {
  if (ACCESS_TOKEN_TTL < MIN_ACCESS_TOKEN_SECONDS) {
    yield 'ACCESS_TOKEN_TTL must be 1m or more in production';
  }
}

/** Whoever is on the way to such a page writes what it does with its cookies. */
function* plainPagesWithCookies({ CORS_ORIGINS, REFRESH_COOKIE }: Env): Generator<string> {
  const plain = CORS_ORIGINS.find((origin) => origin.startsWith('http:'));
  if (REFRESH_COOKIE !== 'off' && plain) {
    yield `CORS_ORIGINS must have https origins only, where REFRESH_COOKIE is on: not ${plain}`;
  }
}

/** Turnstile's and hCaptcha's, as their documentation gives them. */
const CAPTCHA_TEST_KEY = /^[0-3]x0{20}/;

function* publishedTestKeys({ CAPTCHA_SECRET }: Env): Generator<string> {
  if (CAPTCHA_SECRET && CAPTCHA_TEST_KEY.test(CAPTCHA_SECRET)) {
    yield 'CAPTCHA_SECRET is a published test key, which lets everyone pass: take that of your site';
  }
}

const SECRET_ADVICE = 'take the output of `npm run -s secret` (or `tandem secret`)';

function* missingSecret({ JWT_SECRET }: Env): Generator<string> {
  if (!JWT_SECRET) yield `JWT_SECRET must be set in production: ${SECRET_ADVICE}`;
}

const ISSUED_SECRETS = [
  ...Object.values(PROVIDERS).flatMap(({ issuedSecrets }) => issuedSecrets),
  'CAPTCHA_SECRET',
  'FIREBASE_SIGNER_KEY',
] as const;
const PLACEHOLDER =
  /change.?(me|this)|example|placeholder|replace|secret|password|your[-_ ]|<.*>|x{6,}/i;

function* placeholdersOfIssuedSecrets(env: Env): Generator<string> {
  for (const name of ISSUED_SECRETS) {
    if (PLACEHOLDER.test(env[name] ?? '')) yield `${name} looks like a placeholder: take your own`;
  }
}

function* weakSecrets(env: Env): Generator<string> {
  for (const [name, secret] of ownSecrets(env)) {
    const weakness = weaknessOf(secret);
    if (weakness) yield `${name} ${weakness}: ${SECRET_ADVICE}`;
  }
}

function* secretsUsedTwice(env: Env): Generator<string> {
  const secrets = ownSecrets(env);
  for (const [index, [name, secret]] of secrets.entries()) {
    const [earlier] = secrets.slice(0, index).find(([, other]) => other === secret) ?? [];
    if (earlier) yield `${name} must differ from ${earlier}: ${SECRET_ADVICE}`;
  }
}

/** Those that whoever runs the server makes. */
function ownSecrets(env: Env) {
  const { JWT_SECRET, JWT_SECRET_PREVIOUS, METRICS_TOKEN } = env;
  const { NUMBER_LOOKUP_SECRET, SMS_RECEIPTS_SECRET, SMS_WEBHOOK_SECRET } = env;
  const secrets = {
    JWT_SECRET,
    JWT_SECRET_PREVIOUS,
    METRICS_TOKEN,
    NUMBER_LOOKUP_SECRET,
    SMS_RECEIPTS_SECRET,
    SMS_WEBHOOK_SECRET,
  };
  return Object.entries(secrets).filter((entry): entry is [string, string] => Boolean(entry[1]));
}

const MIN_SECRET_LENGTH = 32;

function weaknessOf(secret: string): string | undefined {
  if (secret.length < MIN_SECRET_LENGTH) return `is shorter than ${MIN_SECRET_LENGTH} characters`;
  // What is random may spell a word by chance: then the rest is strong enough.
  if (isWeak(secret.replaceAll(new RegExp(PLACEHOLDER, 'gi'), '')) && PLACEHOLDER.test(secret)) {
    return 'looks like a placeholder';
  }
  return isWeak(secret) ? 'can be guessed, as it has patterns or words' : undefined;
}

const isWeak = (secret: string) => estimatedBits(secret) < MIN_SECRET_BITS;
