import type { INestApplication, LogLevel, ModuleMetadata } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { TandemModule } from '../tandem.module';
import { importsTandem } from './imports-tandem';
import { TandemTest, type TandemTestOptions } from './tandem-test';

interface Options
  extends TandemTestOptions, Pick<ModuleMetadata, 'imports' | 'controllers' | 'providers'> {
  /** Overrides of the host's own providers, before anything is built. */
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  /** What the host's `main.ts` does to the application: prefixes, pipes, filters. */
  readonly prepare?: (app: INestApplication) => unknown;
  /** For a host that is not on Express: `new FastifyAdapter()`. */
  readonly adapter?: AbstractHttpAdapter;
}

/**
 * Starts the modules of a host application, listening on a socket of this machine, with a Tandem whose database is a
 * SQLite file of its own and whose messages stay in memory. `TandemModule` is added where none of the modules imports it.
 */
export async function createTandemTest(options: Options = {}): Promise<TandemTest> {
  const { imports = [], controllers, providers, override, prepare, adapter, ...others } = options;
  const tandem = new TandemTest(others);
  const missing = importsTandem(imports) ? [] : [TandemModule.forRoot({})];
  const metadata = { imports: [...missing, ...imports], controllers, providers };
  const builder = tandem.applyTo(Test.createTestingModule(metadata));
  const module = await (override?.(builder) ?? builder).compile();
  const logger = { logger: ['error', 'warn'] as LogLevel[] };
  const app = adapter
    ? module.createNestApplication(adapter, logger)
    : module.createNestApplication(logger);
  await prepare?.(app);
  await app.listen(0, '127.0.0.1');
  return tandem.attachTo(app);
}
