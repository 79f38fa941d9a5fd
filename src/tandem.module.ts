import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, ModulesContainer, RouterModule } from '@nestjs/core';
import { AdminRoutes } from './admin/routes';
import { RedactingLogger } from './common/redacting-logger';
import { StartError } from './common/start-error';
import { AuditJobsModule } from './audit/audit-jobs.module';
import { AuthModule } from './auth/auth.module';
import { HooksModule } from './auth/hooks.module';
import { JwtAuthGuard } from './auth/jwt-auth.guard';
import { AuthRoutes, JwksRoutes, SmsRoutes, UsersRoutes } from './auth/routes';
import { type Configuration, ConfigModule, type ConfigurationSource } from './config/config.module';
import type { Env } from './config/env';
import { loadHostEnv, parseOptions } from './config/load-env';
import { RefusedRequestsModule } from './contract/refused-requests.module';
import { RouteCollisions } from './contract/route-collisions.service';
import { EventsModule } from './events/events.module';
import { ObservabilityModule } from './observability/observability.module';
import { OpsRoutes } from './ops/routes';
import { SCHEMA } from './schema';
import { StorageModule } from './storage/storage.module';
import { WebhookDeliveryModule } from './webhooks/webhook-delivery.module';
import type {
  TandemAsyncOptions,
  TandemConfiguration,
  TandemOptions,
  TandemRoutes,
  TandemSettings,
} from './tandem-options';

const TWICE =
  'TandemModule is imported twice: import it in the root module alone, or one constant that holds TandemModule.forRoot(…)';

/** Phone-first authentication for a Nest application, on Express or Fastify. To be imported once, by its root module. */
@Module({})
export class TandemModule {
  /** @throws StartError where it is there twice: each half of the application would have another one. */
  constructor(modules: ModulesContainer) {
    const own = [...modules.values()].filter(({ metatype }) => metatype === TandemModule);
    if (own.length > 1) throw new StartError(TWICE);
  }

  /** @param options without any, the variables `TANDEM_<NAME>` are read; with some, nothing but them. */
  static forRoot(options?: TandemOptions): DynamicModule {
    const { guard, routes, hooks, ...configuration } = options ?? {};
    const useFactory = () => configurationOf(options ? configuration : loadHostEnv());
    return assemble({ useFactory }, { guard, routes, hooks });
  }

  /** The same with a factory for what other modules know; what is needed to declare modules stands beside it. */
  static forRootAsync(options: TandemAsyncOptions): DynamicModule {
    const { imports, inject, useFactory, guard, routes, hooks } = options;
    const configure = async (...known: unknown[]) => configurationOf(await useFactory(...known));
    return assemble({ imports, inject, useFactory: configure }, { guard, routes, hooks });
  }

  /** For whoever has read the configuration: the server and the command line. */
  static forEnv(env: Env, settings: TandemSettings = {}): DynamicModule {
    return assemble({ useFactory: () => ({ env }) }, settings);
  }
}

function assemble(
  source: ConfigurationSource,
  { guard, routes, hooks }: TandemSettings,
): DynamicModule {
  return {
    module: TandemModule,
    imports: [
      ConfigModule.forRoot(source),
      ObservabilityModule,
      StorageModule.forRoot(SCHEMA),
      AuditJobsModule,
      EventsModule,
      RefusedRequestsModule,
      WebhookDeliveryModule,
      AuthModule,
      ...(hooks ? [HooksModule.forRoot(hooks, source.imports)] : []),
      ...routesOf(routes),
    ],
    providers: [
      RouteCollisions,
      ...(guard === 'global' ? [{ provide: APP_GUARD, useClass: JwtAuthGuard }] : []),
    ],
  };
}

function routesOf({
  prefix,
  auth = true,
  users = true,
  sms = true,
  admin = false,
  jwks = true,
  ops = false,
}: TandemRoutes = {}) {
  const below = [
    ...(auth ? [AuthRoutes] : []),
    ...(users ? [UsersRoutes] : []),
    ...(sms ? [SmsRoutes] : []),
    ...(admin ? [AdminRoutes] : []),
  ];
  return [
    ...below,
    ...(jwks ? [JwksRoutes] : []),
    ...(ops ? [OpsRoutes] : []),
    ...(prefix ? [RouterModule.register(below.map((module) => ({ path: prefix, module })))] : []),
  ];
}

/** @throws EnvError that names every problem at once. */
function configurationOf({ dataSource, ...options }: TandemConfiguration): Configuration {
  if (options.NODE_ENV === undefined) {
    new RedactingLogger(TandemModule.name).warn(
      'NODE_ENV is not among the options of Tandem, so those of development hold: a generated JWT_SECRET, a SQLite file, and messages that are printed',
    );
  }
  return { env: parseOptions(options), dataSource };
}
