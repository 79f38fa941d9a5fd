import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { TANDEM_HOOKS, type TandemHooks } from './hooks';

/** Provides the hooks of the host application, which may also do so itself, in a global module. */
@Module({})
export class HooksModule {
  /** @param imports of a class: the modules that export what it injects. */
  static forRoot(
    hooks: TandemHooks | Type<TandemHooks>,
    imports?: ModuleMetadata['imports'],
  ): DynamicModule {
    const provider = isClass(hooks)
      ? { provide: TANDEM_HOOKS, useClass: hooks }
      : { provide: TANDEM_HOOKS, useValue: hooks };
    return {
      module: HooksModule,
      global: true,
      imports,
      providers: [provider],
      exports: [TANDEM_HOOKS],
    };
  }
}

function isClass(hooks: TandemHooks | Type<TandemHooks>): hooks is Type<TandemHooks> {
  return typeof hooks === 'function';
}
