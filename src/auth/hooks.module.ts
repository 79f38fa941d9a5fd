import { type DynamicModule, Module } from '@nestjs/common';
import { TANDEM_HOOKS, type TandemHooks } from './hooks';

/** Provides the hooks of the host application, which may also do so itself, in a global module. */
@Module({})
export class HooksModule {
  static forRoot(hooks: TandemHooks): DynamicModule {
    const providers = [{ provide: TANDEM_HOOKS, useValue: hooks }];
    return { module: HooksModule, global: true, providers, exports: [TANDEM_HOOKS] };
  }
}
