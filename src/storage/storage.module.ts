import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Env } from '../config/env';
import { dataSourceOptions, type Schema } from './data-source-options';
import { DatabaseService } from './database.service';
import { limitWaiting } from './mysql-query-runner';
import { RedisService } from './redis.service';
import { isolateTransactions } from './sqlite-query-runner';
import { TANDEM } from './tandem';

/** The connections to SQL and, when configured, Redis. */
@Global()
@Module({})
export class StorageModule {
  static forRoot(env: Env, schema: Schema): DynamicModule {
    return {
      module: StorageModule,
      imports: [database(env, schema), ...redis(env)],
      providers: [DatabaseService, RedisService],
      exports: [DatabaseService, RedisService],
    };
  }
}

function database(env: Env, schema: Schema): DynamicModule {
  return TypeOrmModule.forRootAsync({
    name: TANDEM,
    useFactory: () => ({ ...dataSourceOptions(env, schema), manualInitialization: true }),
    dataSourceFactory: async (options) => {
      const dataSource = new DataSource(options!);
      return env.sqliteFile ? isolateTransactions(dataSource) : limitWaiting(dataSource);
    },
  });
}

function redis(env: Env): DynamicModule[] {
  if (!env.hasRedis) return [];
  const { RedisModule } = require('./redis.module') as typeof import('./redis.module');
  return [RedisModule.forRoot(env)];
}
