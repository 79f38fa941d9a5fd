import { type FactoryProvider, Global, Module } from '@nestjs/common';
import type { RedisModuleOptions } from '@nestjs-modules/ioredis';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { Env } from '../config/env';
import { RedisHealthService } from './redis-health.service';
import { primaryConnection, replicaConnection } from './redis-connections';
import { REDIS, REDIS_REPLICA, type RedisClient, RedisService } from './redis.service';

/**
 * The connections to Redis; undefined where it is not configured, which is known only once the configuration is loaded.
 * Not those of `RedisModule.forRoot`, whose tokens would collide with those of a host's own.
 */
@Global()
@Module({
  imports: [BackgroundJobsModule],
  providers: [
    RedisService,
    RedisHealthService,
    connection(REDIS, primaryConnection),
    connection(REDIS_REPLICA, replicaConnection),
  ],
  exports: [REDIS, REDIS_REPLICA, RedisHealthService, RedisService],
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

/** Loads the client only where Redis is configured. */
function connect(options: RedisModuleOptions): RedisClient {
  const { createRedisConnection } =
    require('@nestjs-modules/ioredis') as typeof import('@nestjs-modules/ioredis');
  return createRedisConnection(options);
}
