import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock } from '../common/clock';
import { Snowflake } from '../common/snowflake';
import { Env } from './env';
import { jwtSecret } from './jwt-secret';
import { KeyRing } from './key-ring';

/** Gives every module the validated {@link Env}, the derived keys, the time and the id generator of this worker. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(env: Env): DynamicModule {
    const clock = new Clock();
    return {
      module: ConfigModule,
      providers: [
        { provide: Clock, useValue: clock },
        { provide: Env, useValue: env },
        { provide: KeyRing, useValue: new KeyRing(jwtSecret(env), env.JWT_SECRET_PREVIOUS) },
        { provide: Snowflake, useValue: new Snowflake(env.WORKER_ID, () => clock.now()) },
      ],
      exports: [Clock, Env, KeyRing, Snowflake],
    };
  }
}
