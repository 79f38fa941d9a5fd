import { createRedisConnection } from '@nestjs-modules/ioredis';
import { parseEnv } from '../../src/config/load-env';
import { primaryConnection } from '../../src/storage/redis-connections';
import { type RedisClient, RedisService } from '../../src/storage/redis.service';
import { isInstalled } from './servers/installed';
import { startRedisCluster } from './servers/redis-cluster';
import { startRedisSentinels } from './servers/redis-sentinels';
import { freshStores, MODES } from './stores';
import { until } from './until';

/** A connection as the application makes it, to an empty Redis. */
export interface ConnectedRedis {
  redis: RedisClient;
  close: () => Promise<void>;
}

const PRIVATE = { 'Redis Sentinel': startRedisSentinels, 'Redis Cluster': startRedisCluster };

/** Every way to run Redis that this machine can test, by name. */
export const REDIS_TOPOLOGIES: Record<string, () => Promise<ConnectedRedis>> = {
  ...(MODES.includes('standard') && { Redis: () => connect(sharedRedis) }),
  ...(MODES.includes('standard') &&
    isInstalled('redis-server') &&
    Object.fromEntries(
      Object.entries(PRIVATE).map(([name, start]) => [name, () => connect(start)]),
    )),
};

async function sharedRedis() {
  const { REDIS_URL } = await freshStores('standard');
  return { env: { REDIS_URL: REDIS_URL! }, remove: () => Promise.resolve() };
}

async function connect(
  start: () => Promise<{ env: Record<string, string>; remove: () => Promise<void> }>,
): Promise<ConnectedRedis> {
  const servers = await start();
  const env = parseEnv(servers.env);
  const redis = createRedisConnection(primaryConnection(env));
  const service = new RedisService(env, redis);
  await until(() => service.status === 'up');
  return {
    redis,
    close: async () => {
      service.onApplicationShutdown();
      await servers.remove();
    },
  };
}
