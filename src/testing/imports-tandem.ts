import type { ModuleMetadata } from '@nestjs/common';
import { TandemModule } from '../tandem.module';

type Import = NonNullable<ModuleMetadata['imports']>[number];

/** Whether a module, or one that it imports, is Tandem's. */
export function importsTandem(imports: readonly Import[], seen = new Set<unknown>()): boolean {
  return imports.some((imported) => {
    const { module, below } = described(imported);
    if (module === TandemModule) return true;
    if (seen.has(module)) return false;
    seen.add(module);
    return importsTandem(below, seen);
  });
}

function described(imported: Import): { module: unknown; below: Import[] } {
  if (typeof imported === 'object' && 'forwardRef' in imported) {
    return described(imported.forwardRef());
  }
  if (typeof imported === 'object' && 'module' in imported) {
    return {
      module: imported.module,
      below: [...importsOf(imported.module), ...(imported.imports ?? [])],
    };
  }
  return { module: imported, below: importsOf(imported) };
}

function importsOf(module: unknown): Import[] {
  return typeof module === 'function' ? (Reflect.getMetadata('imports', module) ?? []) : [];
}
