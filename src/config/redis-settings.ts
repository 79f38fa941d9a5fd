import type { Env } from './env';
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

/** Settings that name more than one Redis, or half of one. */
export function* redisSettingProblems(env: Env): Generator<string> {
  const namesServer = env.REDIS_URL !== undefined && env.REDIS_URL !== NO_REDIS;
  if (env.REDIS_CLUSTER_NODES) {
    const others = [
      namesServer && 'REDIS_URL',
      env.REDIS_REPLICA_URL && 'REDIS_REPLICA_URL',
      env.REDIS_SENTINELS && 'REDIS_SENTINELS',
    ].filter(Boolean);
    if (others.length > 0) {
      yield `REDIS_CLUSTER_NODES names a Redis with its replicas: unset ${others.join(' and ')}`;
    }
  } else if (!namesServer) {
    if (env.REDIS_SENTINELS) {
      yield 'REDIS_SENTINELS needs REDIS_URL with the name of the group: redis://:password@mymaster';
    }
    if (env.REDIS_REPLICA_URL) yield 'REDIS_REPLICA_URL needs REDIS_URL';
  }
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
