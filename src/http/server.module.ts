import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { NodeMetricsService } from '../cluster/node-metrics.service';
import { PrimaryWatchService } from '../cluster/primary-watch.service';
import type { Env } from '../config/env';
import { bodyPipe } from '../contract/body.pipe';
import { ErrorFilter } from '../contract/error.filter';
import { ErrorLog } from '../contract/error-log';
import { DrainService } from '../ops/drain.service';
import { TandemModule } from '../tandem.module';
import { MetricsListener } from './metrics-listener';
import { RequestErrorLog } from './request-error-log';

/** What a server with Tandem may add of its own. */
export type OwnModules = Pick<ModuleMetadata, 'imports' | 'controllers'>;

/** Tandem as a server of its own: every route is closed and answers errors in one shape, also those that were added. */
@Module({})
export class ServerModule {
  static forRoot(env: Env, { imports = [], controllers = [] }: OwnModules): DynamicModule {
    return {
      module: ServerModule,
      global: true,
      imports: [
        TandemModule.forEnv(env, { guard: 'global', routes: { admin: true, ops: true } }),
        ...imports,
      ],
      controllers,
      providers: [
        DrainService,
        MetricsListener,
        NodeMetricsService,
        PrimaryWatchService,
        { provide: ErrorLog, useClass: RequestErrorLog },
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_PIPE, useValue: bodyPipe },
      ],
      exports: [DrainService, ErrorLog, NodeMetricsService],
    };
  }
}
