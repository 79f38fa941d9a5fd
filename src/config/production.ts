import type { Env } from './env';

const MIN_SECRET_LENGTH = 32;
/** A secret with fewer different characters than this is a pattern. */
const MIN_DIFFERENT_CHARACTERS = 10;
const PLACEHOLDER =
  /change.?(me|this)|example|placeholder|replace|secret|password|your[-_ ]|<.*>|x{6}/i;

const EMBEDDED_DEFAULTS = {
  DATABASE_URL: 'mysql://… (or sqlite:data/tandem.db on one small machine)',
  REDIS_URL: 'redis://… (or none on one small machine)',
  SMS_PROVIDERS: 'webhook (or log to print the messages to the console)',
} as const;

/**
 * What may not run in production: embedded defaults that nobody asked for by name, and secrets that
 * are missing, short, placeholders or used twice. Each problem says what to set.
 */
export function* productionProblems(env: Env, given: ReadonlySet<string>): Generator<string> {
  for (const [name, choice] of Object.entries(EMBEDDED_DEFAULTS)) {
    if (!given.has(name)) yield `${name} must be set in production: ${choice}`;
  }
  const secrets = {
    JWT_SECRET: env.JWT_SECRET,
    JWT_SECRET_PREVIOUS: env.JWT_SECRET_PREVIOUS,
    SMS_WEBHOOK_SECRET: env.SMS_WEBHOOK_SECRET,
  };
  if (!secrets.JWT_SECRET) {
    yield `JWT_SECRET must be set in production: ${SECRET_ADVICE}`;
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

const SECRET_ADVICE = 'take the output of `openssl rand -base64 48`';

function weaknessOf(secret: string): string | undefined {
  if (secret.length < MIN_SECRET_LENGTH) return `is shorter than ${MIN_SECRET_LENGTH} characters`;
  if (PLACEHOLDER.test(secret)) return 'looks like a placeholder';
  if (new Set(secret).size < MIN_DIFFERENT_CHARACTERS) return 'repeats too few characters';
  return undefined;
}
