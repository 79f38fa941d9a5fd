import type { FactoryProvider, ModuleMetadata, Type } from '@nestjs/common';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { TandemHooks } from './auth/hooks';
import type { EnvOptions } from './config/tandem-env';

/** Which routes there are. */
export interface TandemRoutes {
  /** A path that `/auth`, `/users`, `/sms` and `/admin` are put below. */
  readonly prefix?: string;
  /** `/auth`; on unless false. */
  readonly auth?: boolean;
  /** `/users`; on unless false. */
  readonly users?: boolean;
  /** `/sms`, where providers tell what became of messages; on unless false. */
  readonly sms?: boolean;
  /** `/.well-known/jwks.json`, which no prefix moves; on unless false. */
  readonly jwks?: boolean;
  /** `/admin`, for operators; off unless true. */
  readonly admin?: boolean;
  /** `/health` and `/metrics`; off unless true. */
  readonly ops?: boolean;
}

/** What must be known when modules are declared, before anything can be asked for it. */
export interface TandemSettings {
  /**
   * `manual` (default) leaves the host's routes as they are: `@UseGuards(JwtAuthGuard)` closes one. `global` closes all
   * but those that are `@Public()`. Tandem's own are guarded in both.
   */
  readonly guard?: 'manual' | 'global';
  readonly routes?: TandemRoutes;
  /**
   * What is asked before logins and adds claims: an instance, or a class that injects what global modules export, and the
   * `imports` of `forRootAsync`. A global module may provide them as `TANDEM_HOOKS` instead.
   */
  readonly hooks?: TandemHooks | Type<TandemHooks>;
}

/** What may also come from a factory. */
export interface TandemConfiguration extends EnvOptions {
  /** Whose database is used instead of `DATABASE_URL`, over connections of our own. */
  readonly dataSource?: DataSource | DataSourceOptions;
}

export interface TandemOptions extends TandemConfiguration, TandemSettings {}

export interface TandemAsyncOptions
  extends
    TandemSettings,
    Pick<ModuleMetadata, 'imports'>,
    Pick<
      FactoryProvider<TandemConfiguration | Promise<TandemConfiguration>>,
      'inject' | 'useFactory'
    > {}
