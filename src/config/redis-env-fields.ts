import { commaSeparated, field } from './env-fields';

/** The value of `REDIS_URL` that asks by name for a mode without Redis. */
export const NO_REDIS = 'none';

export const REDIS_PROTOCOLS = ['redis:', 'rediss:'];

/** URLs of some of the nodes. The others are found through them, and take the same user, password and protocol. */
export function RedisNodes(): PropertyDecorator {
  return field(
    commaSeparated,
    (urls) => urls.every(isRedisUrl) && new Set(urls.map(accessOf)).size === 1,
    'must be a comma-separated list of redis:// or rediss:// URLs, all with the same user and password',
  );
}

const isRedisUrl = (text: string) =>
  URL.canParse(text) &&
  REDIS_PROTOCOLS.includes(new URL(text).protocol) &&
  new URL(text).hostname !== '' &&
  isEncoded(new URL(text).password + new URL(text).username);

function isEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

function accessOf(text: string): string {
  const { protocol, username, password } = new URL(text);
  return `${protocol}${username}:${password}`;
}
