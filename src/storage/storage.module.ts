import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { Env } from '../config/env';
import { createDataSource, dataSourceOptions, type Schema } from './data-source';
import { DatabaseService } from './database.service';
import { RedisService } from './redis.service';
import { TANDEM } from './tandem';

/** The connections to SQL and, when configured, Redis. */
@Global()
@Module({})
export class StorageModule {
  /** @param other a DataSource whose database is used, instead of the one that `env` names. */
  static forRoot(env: Env, schema: Schema, other?: DataSource | DataSourceOptions): DynamicModule {
    return {
      module: StorageModule,
      imports: [database(env, schema, other), ...redis(env)],
      providers: [DatabaseService, RedisService],
      exports: [DatabaseService, RedisService],
    };
  }
}

function database(env: Env, schema: Schema, other?: DataSource | DataSourceOptions): DynamicModule {
  return TypeOrmModule.forRootAsync({
    name: TANDEM,
    useFactory: () => ({ ...dataSourceOptions(env, schema, other), manualInitialization: true }),
    dataSourceFactory: async (given) => createDataSource(given!),
  });
}

function redis(env: Env): DynamicModule[] {
  if (!env.hasRedis) return [];
  const { RedisModule } = require('./redis.module') as typeof import('./redis.module');
  return [RedisModule.forRoot(env)];
}
