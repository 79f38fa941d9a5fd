import type { Env } from './env';
import { PROVIDERS } from './sms-providers';

/** @param given the variables that are set. Each problem says what to set. */
type Rule = (env: Env, given: ReadonlySet<string>) => Iterable<string>;

/** What may not run in production, rule by rule. */
const RULES: readonly Rule[] = [
  defaultsThatNobodyChose,
  secretsSentInPlainText,
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

const providers = Object.values(PROVIDERS);
const ENDPOINTS = [
  ...providers.flatMap(({ endpoint }) => endpoint ?? []),
  'CAPTCHA_VERIFY_URL',
] as const;

function* secretsSentInPlainText(env: Env): Generator<string> {
  for (const name of ENDPOINTS) {
    if (isPlainAndRemote(env[name])) {
      yield `${name} must start with https: in production: secrets go there`;
    }
  }
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function isPlainAndRemote(url: string | undefined): boolean {
  if (!url || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !LOOPBACK.test(hostname);
}

/** Turnstile's and hCaptcha's, as their documentation gives them. */
const CAPTCHA_TEST_KEY = /^[0-3]x0{20}/;

function* publishedTestKeys({ CAPTCHA_SECRET }: Env): Generator<string> {
  if (CAPTCHA_SECRET && CAPTCHA_TEST_KEY.test(CAPTCHA_SECRET)) {
    yield 'CAPTCHA_SECRET is a published test key, which lets everyone pass: take that of your site';
  }
}

const SECRET_ADVICE = 'take the output of `openssl rand -base64 48`';

function* missingSecret({ JWT_SECRET }: Env): Generator<string> {
  if (!JWT_SECRET) yield `JWT_SECRET must be set in production: ${SECRET_ADVICE}`;
}

const ISSUED_SECRETS = [
  ...providers.flatMap(({ issuedSecrets }) => issuedSecrets),
  'CAPTCHA_SECRET',
] as const;
const PLACEHOLDER =
  /change.?(me|this)|example|placeholder|replace|secret|password|your[-_ ]|<.*>|x{6}/i;

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
function ownSecrets({ JWT_SECRET, JWT_SECRET_PREVIOUS, SMS_WEBHOOK_SECRET }: Env) {
  const secrets = { JWT_SECRET, JWT_SECRET_PREVIOUS, SMS_WEBHOOK_SECRET };
  return Object.entries(secrets).filter((entry): entry is [string, string] => Boolean(entry[1]));
}

const MIN_SECRET_LENGTH = 32;
/** A secret with fewer different characters than this is a pattern. */
const MIN_DIFFERENT_CHARACTERS = 10;
/** Words do not have so many. 48 random bytes in base64 do: in one of millions they spell a word by chance. */
const RANDOM_DIFFERENT_CHARACTERS = 33;
const RANDOM_LENGTH = 64;

function weaknessOf(secret: string): string | undefined {
  if (secret.length < MIN_SECRET_LENGTH) return `is shorter than ${MIN_SECRET_LENGTH} characters`;
  const different = new Set(secret).size;
  if (different < MIN_DIFFERENT_CHARACTERS) return 'repeats too few characters';
  const isRandom = secret.length >= RANDOM_LENGTH && different >= RANDOM_DIFFERENT_CHARACTERS;
  if (!isRandom && PLACEHOLDER.test(secret)) return 'looks like a placeholder';
  return undefined;
}
