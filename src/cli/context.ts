import { type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '../config/config.module';
import type { Env } from '../config/env';
import { ObservabilityModule } from '../observability/observability.module';
import { SCHEMA } from '../schema';
import { StorageModule } from '../storage/storage.module';

@Module({})
class CommandRoot {}

/** Lends `work` the services of a module, with the stores around them, for as long as it takes. */
export async function inContext<T>(
  env: Env,
  module: Type,
  work: (context: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const context = await start(env, module);
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}

function start(env: Env, module: Type): Promise<INestApplicationContext> {
  const root = {
    module: CommandRoot,
    imports: [
      ConfigModule.forRoot({ useFactory: () => ({ env }) }),
      ObservabilityModule,
      StorageModule.forRoot(SCHEMA),
      module,
    ],
  };
  return NestFactory.createApplicationContext(root, {
    // What fails is told by the command itself.
    logger: ['fatal'],
    abortOnError: false,
  });
}
