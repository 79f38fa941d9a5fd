import { type FactoryProvider, Global, Module } from '@nestjs/common';
import type { RedisModuleOptions } from '@nestjs-modules/ioredis';
import { Env } from '../config/env';
import { primaryConnection, replicaConnection } from './redis-connections';
import { REDIS, REDIS_REPLICA, type RedisClient, RedisService } from './redis.service';

/**
 * The connections when Redis is configured, otherwise undefined: which of them, the configuration tells only when the
 * application is built. They are not those of `RedisModule.forRoot`, whose tokens a host's own have, too.
 */
@Global()
@Module({
  providers: [
    RedisService,
    connection(REDIS, primaryConnection),
    connection(REDIS_REPLICA, replicaConnection),
  ],
  exports: [REDIS, REDIS_REPLICA, RedisService],
})
export class RedisModule {}

function connection(
  provide: symbol,
  optionsOf: (env: Env) => RedisModuleOptions | undefined,
): FactoryProvider<RedisClient | undefined> {
  const useFactory = (env: Env) => {
    const options = env.hasRedis ? optionsOf(env) : undefined;
    return options && connect(options);
  };
  return { provide, inject: [Env], useFactory };
}

/** Loads what it needs only where there is a Redis. */
function connect(options: RedisModuleOptions): RedisClient {
  const { createRedisConnection } =
    require('@nestjs-modules/ioredis') as typeof import('@nestjs-modules/ioredis');
  return createRedisConnection(options);
}
