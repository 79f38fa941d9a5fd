import type { Env } from './env';

const MIN_SECRET_LENGTH = 32;
/** A secret with fewer different characters than this is a pattern. */
const MIN_DIFFERENT_CHARACTERS = 10;
/** Words do not have so many. 48 random bytes in base64 do: in one of millions they spell a word by chance. */
const RANDOM_DIFFERENT_CHARACTERS = 33;
const RANDOM_LENGTH = 64;
const PLACEHOLDER =
  /change.?(me|this)|example|placeholder|replace|secret|password|your[-_ ]|<.*>|x{6}/i;

const EMBEDDED_DEFAULTS = {
  DATABASE_URL: 'mysql://… (or sqlite:data/tandem.db on one small machine)',
  REDIS_URL: 'redis://… (or REDIS_CLUSTER_NODES, or none on one small machine)',
  SMS_PROVIDERS:
    'twilio, aliyun, tencent, sns or webhook (or log to print the messages to the console)',
} as const;

/** Others make these, so that their length and characters are theirs to choose. */
const ISSUED_SECRETS = [
  'TWILIO_AUTH_TOKEN',
  'ALIYUN_ACCESS_KEY_SECRET',
  'TENCENT_SECRET_KEY',
  'SNS_SECRET_ACCESS_KEY',
  'CAPTCHA_SECRET',
] as const;

const ENDPOINTS = [
  'TWILIO_ENDPOINT',
  'ALIYUN_ENDPOINT',
  'TENCENT_ENDPOINT',
  'SNS_ENDPOINT',
  'CAPTCHA_VERIFY_URL',
] as const;
/** Turnstile's and hCaptcha's, as their documentation gives them. */
const CAPTCHA_TEST_KEY = /^[0-3]x0{20}/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * What may not run in production: embedded defaults that nobody asked for by name, endpoints of
 * providers in plain text, and secrets that are missing, short, placeholders or used twice. Each problem
 * says what to set.
 */
export function* productionProblems(env: Env, given: ReadonlySet<string>): Generator<string> {
  for (const [name, choice] of Object.entries(EMBEDDED_DEFAULTS)) {
    const isReplaced = name === 'REDIS_URL' && given.has('REDIS_CLUSTER_NODES');
    if (!given.has(name) && !isReplaced) yield `${name} must be set in production: ${choice}`;
  }
  for (const name of ENDPOINTS) {
    if (isPlainAndRemote(env[name])) {
      yield `${name} must start with https: in production: secrets go there`;
    }
  }
  const secrets = {
    JWT_SECRET: env.JWT_SECRET,
    JWT_SECRET_PREVIOUS: env.JWT_SECRET_PREVIOUS,
    SMS_WEBHOOK_SECRET: env.SMS_WEBHOOK_SECRET,
  };
  if (env.CAPTCHA_SECRET && CAPTCHA_TEST_KEY.test(env.CAPTCHA_SECRET)) {
    yield 'CAPTCHA_SECRET is a published test key, which lets everyone pass: take that of your site';
  }
  if (!secrets.JWT_SECRET) {
    yield `JWT_SECRET must be set in production: ${SECRET_ADVICE}`;
  }
  for (const name of ISSUED_SECRETS) {
    if (PLACEHOLDER.test(env[name] ?? '')) yield `${name} looks like a placeholder: take your own`;
  }
  for (const [name, secret] of Object.entries(secrets)) {
    const weakness = secret && weaknessOf(secret);
    if (weakness) yield `${name} ${weakness}: ${SECRET_ADVICE}`;
  }
  const uses = Object.entries(secrets).filter(([, secret]) => secret);
  for (const [index, [name, secret]] of uses.entries()) {
    const [earlier] = uses.slice(0, index).find(([, other]) => other === secret) ?? [];
    if (earlier) yield `${name} must differ from ${earlier}: ${SECRET_ADVICE}`;
  }
}

function isPlainAndRemote(url: string | undefined): boolean {
  if (!url || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !LOOPBACK.test(hostname);
}

const SECRET_ADVICE = 'take the output of `openssl rand -base64 48`';

function weaknessOf(secret: string): string | undefined {
  if (secret.length < MIN_SECRET_LENGTH) return `is shorter than ${MIN_SECRET_LENGTH} characters`;
  const different = new Set(secret).size;
  if (different < MIN_DIFFERENT_CHARACTERS) return 'repeats too few characters';
  const isRandom = secret.length >= RANDOM_LENGTH && different >= RANDOM_DIFFERENT_CHARACTERS;
  if (!isRandom && PLACEHOLDER.test(secret)) return 'looks like a placeholder';
  return undefined;
}
