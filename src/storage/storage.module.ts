import { RedisModule, type RedisModuleAsyncOptions } from '@nestjs-modules/ioredis';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { RedisOptions } from 'ioredis';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import type { Env } from '../config/env';
import { DatabaseService } from './database.service';
import { limitWaiting } from './mysql-query-runner';
import { RedisService } from './redis.service';
import { isolateTransactions } from './sqlite-query-runner';

/** Every command ends soon, with an error when Redis is away: nothing waits in a queue. */
const REDIS_OPTIONS: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 500,
  // A connection that does not answer is dropped, so that one request waits for it and not every one.
  socketTimeout: 500,
  connectTimeout: 1000,
  disconnectTimeout: 500,
  retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
};

/** The connections to SQL and, when configured, Redis. */
@Global()
@Module({})
export class StorageModule {
  static forRoot(env: Env): DynamicModule {
    return {
      module: StorageModule,
      imports: [database(env), ...redis(env)],
      providers: [DatabaseService, RedisService],
      exports: [DatabaseService, RedisService],
    };
  }
}

function database(env: Env): DynamicModule {
  return TypeOrmModule.forRootAsync({
    useFactory: () => ({ ...dataSourceOptions(env), manualInitialization: true }),
    dataSourceFactory: async (options) => {
      const dataSource = new DataSource(options!);
      return env.sqliteFile ? isolateTransactions(dataSource) : limitWaiting(dataSource);
    },
  });
}

function redis(env: Env): DynamicModule[] {
  if (!env.hasRedis) return [];
  const primary = RedisModule.forRootAsync(connection(env.REDIS_URL!));
  if (!env.REDIS_REPLICA_URL) return [primary];
  return [primary, RedisModule.forRootAsync(connection(env.REDIS_REPLICA_URL), 'replica')];
}

const connection = (url: string): RedisModuleAsyncOptions => ({
  imports: [],
  useFactory: () => ({ type: 'single', url, options: REDIS_OPTIONS }),
});
