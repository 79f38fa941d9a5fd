import { type EnvSource, sourceOf } from '../config/env-sources';
import type { Env } from '../config/env';

/** Texts and lists that anybody may know. What is not here, and no number or switch, may be a secret, a number or a key. */
const PLAIN: ReadonlySet<string> = new Set<keyof Env>([
  'ADMIN_NETWORKS',
  'APP_NAME',
  'CAPTCHA',
  'CONSOLE_HOST',
  'CORS_ORIGINS',
  'DATA_DIR',
  'DATABASE_TLS',
  'HOST',
  'JWT_AUDIENCE',
  'JWT_ISSUER',
  'JWT_KEYS_FILE',
  'LIMITS',
  'LOGIN_COLOR',
  'LOGIN_LOGO_URL',
  'LOGIN_RETURN_TO',
  'LOG_LEVEL',
  'NODE_ENV',
  'NUMBER_LOOKUP_FAILURE',
  'PLAIN_HTTP_HOSTS',
  'PUBLIC_URL',
  'RECYCLED_NUMBERS',
  'REDIS_KEY_PREFIX',
  'REDIS_TLS',
  'REFRESH_COOKIE',
  'ROLES',
  'SIGNUP',
  'SMS_BUDGET_DAILY',
  'SMS_CONVERSION_GUARD',
  'SMS_COUNTRIES',
  'SMS_PRICES_FILE',
  'SMS_PROVIDERS',
  'SMS_ROUTES',
  'TABLE_PREFIX',
  'TERMS_URL',
  'TERMS_VERSION',
  'TRUST_PROXY',
  'WORKERS',
]);

/** Addresses of stores, told without names and passwords. */
const ADDRESSES: ReadonlySet<string> = new Set<keyof Env>([
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_REPLICA_URL',
]);

export interface ShownSetting {
  readonly name: string;
  /** Undefined for what may be secret, and for what is not set. */
  readonly value?: unknown;
  readonly isSet: boolean;
  readonly source: EnvSource;
}

/** The configuration in force, without what nobody may know. */
export function shownConfiguration(env: Env): ShownSetting[] {
  const names = Object.keys(env).filter((name) => /^[A-Z]/.test(name));
  return names.toSorted(alphabetically).map((name) => {
    const value: unknown = env[name as keyof Env];
    return {
      name,
      value: shownValue(name, value),
      isSet: value !== undefined,
      source: sourceOf(env, name),
    };
  });
}

function shownValue(name: string, value: unknown): unknown {
  const isPlain = typeof value === 'number' || typeof value === 'boolean' || PLAIN.has(name);
  if (isPlain) return value;
  return ADDRESSES.has(name) && typeof value === 'string' ? withoutCredentials(value) : undefined;
}

function withoutCredentials(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, pathname } = new URL(text);
  return host ? `${protocol}//${host}${pathname}` : `${protocol}${pathname}`;
}

const alphabetically = (one: string, other: string) => (one < other ? -1 : 1);
