import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AuthModule } from './auth/auth.module';
import { ConfigModule } from './config/config.module';
import type { Env } from './config/env';
import { bodyPipe } from './contract/body.pipe';
import { ErrorFilter } from './contract/error.filter';
import { ObservabilityModule } from './observability/observability.module';
import { OpsModule } from './ops/ops.module';
import { Challenge } from './codes/challenge.entity';
import { CreateTables1767225600000 } from './migrations/1767225600000-create-tables';
import { Session } from './sessions/session.entity';
import { SmsConversion } from './sms/sms-conversion.entity';
import { SmsDelivery } from './sms/sms-delivery.entity';
import { SmsSpend } from './sms/sms-spend.entity';
import type { Schema } from './storage/data-source';
import { StorageModule } from './storage/storage.module';
import { UserProfile } from './users/user-profile.entity';
import { User } from './users/user.entity';

/** Every table, and the migrations that make them. */
export const SCHEMA: Schema = {
  entities: [User, UserProfile, Session, Challenge, SmsDelivery, SmsSpend, SmsConversion],
  migrations: [CreateTables1767225600000],
};

@Module({})
export class TandemModule {
  static forRoot(env: Env): DynamicModule {
    return {
      module: TandemModule,
      imports: [
        ConfigModule.forRoot(env),
        ObservabilityModule,
        StorageModule.forRoot(env, SCHEMA),
        AuthModule,
        OpsModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_PIPE, useValue: bodyPipe },
      ],
    };
  }
}
