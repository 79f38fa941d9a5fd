import type { Env } from './env';
import { NO_REDIS } from './redis-env-fields';

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
