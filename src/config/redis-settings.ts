import type { Env } from './env';
import { NO_REDIS } from './redis-env-fields';
import { redisAddress } from './store-urls';

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
  } else if (env.REDIS_SENTINELS && env.REDIS_REPLICA_URL) {
    yield 'REDIS_SENTINELS know the replicas of the group: unset REDIS_REPLICA_URL';
  }
}

/** A replica holds the databases of its primary under the same numbers. */
export function* replicaOfAnotherDatabase({
  REDIS_URL = NO_REDIS,
  REDIS_REPLICA_URL,
}: Env): Generator<string> {
  if (REDIS_URL === NO_REDIS || !REDIS_REPLICA_URL) return;
  const [{ db }, replica] = [redisAddress(REDIS_URL), redisAddress(REDIS_REPLICA_URL)];
  if (db !== replica.db) {
    yield `REDIS_REPLICA_URL must name database ${db}, as REDIS_URL does: /${db}`;
  }
}

/** Whoever names authorities expects encryption. */
export function* plainRedis(env: Env): Generator<string> {
  const { REDIS_SENTINELS = [], REDIS_CLUSTER_NODES = [] } = env;
  const urls = [env.REDIS_URL, env.REDIS_REPLICA_URL, ...REDIS_SENTINELS, ...REDIS_CLUSTER_NODES];
  const isEncrypted = urls.some((url) => url?.startsWith('rediss:'));
  if (isEncrypted && env.REDIS_TLS === 'off') {
    yield 'REDIS_TLS is off, and an address begins with rediss://: unset it, or begin with redis://';
  }
  if (!isEncrypted && !['on', 'off'].includes(env.REDIS_TLS)) {
    yield 'REDIS_TLS is for addresses that begin with rediss://, and there is none: use one, or unset it';
  }
}
