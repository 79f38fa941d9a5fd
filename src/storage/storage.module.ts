import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { HOST_DATA_SOURCE } from '../config/config.module';
import { Env } from '../config/env';
import { dataSourceOptions, type Schema, TandemDataSource } from './data-source';
import { DatabaseService } from './database.service';
import { HeartbeatService } from './heartbeat.service';
import { RedisModule } from './redis.module';
import { TANDEM } from './tandem';

/** The connections to SQL and, when configured, Redis. */
@Global()
@Module({})
export class StorageModule {
  static forRoot(schema: Schema): DynamicModule {
    return {
      module: StorageModule,
      imports: [BackgroundJobsModule, database(schema), RedisModule],
      providers: [DatabaseService, HeartbeatService],
      exports: [DatabaseService, HeartbeatService],
    };
  }
}

function database(schema: Schema): DynamicModule {
  return TypeOrmModule.forRootAsync({
    name: TANDEM,
    inject: [Env, HOST_DATA_SOURCE],
    useFactory: (env: Env, other?: DataSource | DataSourceOptions) => ({
      ...dataSourceOptions(env, schema, other),
      manualInitialization: true,
    }),
    dataSourceFactory: async (given) => new TandemDataSource(given!),
  });
}
