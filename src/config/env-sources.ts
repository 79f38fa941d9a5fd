import type { Env } from './env';

/** Where a value comes from. */
export type EnvSource = 'environment' | 'file' | 'option' | 'default';

/** Beside the values, which are compared and copied. */
const sources = new WeakMap<Env, ReadonlyMap<string, EnvSource>>();

export function noteSources(env: Env, of: ReadonlyMap<string, EnvSource>): void {
  sources.set(env, of);
}

export function sourceOf(env: Env, name: string): EnvSource {
  return sources.get(env)?.get(name) ?? 'default';
}
