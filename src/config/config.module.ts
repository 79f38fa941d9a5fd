import {
  type DynamicModule,
  type FactoryProvider,
  Global,
  Module,
  type ModuleMetadata,
} from '@nestjs/common';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { Clock } from '../common/clock';
import { Networks } from '../common/networks';
import { Snowflake } from '../common/snowflake';
import { Env } from './env';
import { jwtSecret } from './jwt-secret';
import { KeyRing } from './key-ring';
import { networksBy } from './networks-file';

export interface Configuration {
  readonly env: Env;
  /** Whose database is used instead of the one that `env` names. */
  readonly dataSource?: DataSource | DataSourceOptions;
}

/** Where the configuration comes from, once Nest builds the application. */
export type ConfigurationSource = Pick<ModuleMetadata, 'imports'> &
  Pick<FactoryProvider<Configuration | Promise<Configuration>>, 'inject' | 'useFactory'>;

/** The token of {@link Configuration.dataSource}, undefined where there is none. */
export const HOST_DATA_SOURCE = Symbol('HostDataSource');
/** The token of what comes from the source. Tests put their own in its place. */
export const CONFIGURATION = Symbol('Configuration');

/** Gives every module the validated {@link Env}, the derived keys, the networks of callers, the time and the id generator of this worker. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot({ imports = [], inject = [], useFactory }: ConfigurationSource): DynamicModule {
    return {
      module: ConfigModule,
      imports,
      providers: [
        Clock,
        { provide: CONFIGURATION, inject, useFactory },
        { provide: Env, inject: [CONFIGURATION], useFactory: ({ env }: Configuration) => env },
        {
          provide: HOST_DATA_SOURCE,
          inject: [CONFIGURATION],
          useFactory: ({ dataSource }: Configuration) => dataSource,
        },
        { provide: KeyRing, inject: [Env], useFactory: keyRing },
        { provide: Networks, inject: [Env], useFactory: networksBy },
        { provide: Snowflake, inject: [Env, Clock], useFactory: snowflake },
      ],
      exports: [Clock, Env, HOST_DATA_SOURCE, KeyRing, Networks, Snowflake],
    };
  }
}

function keyRing(env: Env): KeyRing {
  return new KeyRing(jwtSecret(env), env.JWT_SECRET_PREVIOUS);
}

function snowflake({ WORKER_ID }: Env, clock: Clock): Snowflake {
  return new Snowflake(WORKER_ID, () => clock.now());
}
