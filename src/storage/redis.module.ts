import {
  getRedisConnectionToken,
  RedisModule as Connection,
  type RedisModuleOptions,
} from '@nestjs-modules/ioredis';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Env } from '../config/env';
import { primaryConnection, replicaConnection } from './redis-connections';
import { REDIS, REDIS_REPLICA } from './redis.service';

/** The connections, when Redis is configured: otherwise nothing of it is loaded. */
@Global()
@Module({})
export class RedisModule {
  static forRoot(env: Env): DynamicModule {
    const replica = replicaConnection(env);
    const providers = [{ provide: REDIS, useExisting: getRedisConnectionToken() }];
    const imports = [connection(primaryConnection(env))];
    if (replica) {
      providers.push({ provide: REDIS_REPLICA, useExisting: getRedisConnectionToken('replica') });
      imports.push(connection(replica, 'replica'));
    }
    return { module: RedisModule, imports, providers, exports: providers };
  }
}

const connection = (options: RedisModuleOptions, name?: string) =>
  Connection.forRootAsync({ imports: [], useFactory: () => options }, name);
