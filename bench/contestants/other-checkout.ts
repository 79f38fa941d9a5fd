import { join, resolve } from 'node:path';
import { register } from 'tsx/cjs/api';
import type { Contestant } from './contestant';

/** The Tandem of another checkout that is built, with its own launcher and its own hands in its stores. */
export function tandemOf(checkout: string): Contestant {
  const directory = resolve(checkout);
  // Otherwise ours, which says nothing of files elsewhere, would hold for its decorators.
  process.env.TSX_TSCONFIG_PATH = join(directory, 'tsconfig.json');
  const { require: load } = register({ namespace: 'other checkout' });
  const { tandem } = load(join(directory, 'bench/contestants/tandem'), __filename);
  return { ...(tandem as Contestant), name: 'base' };
}
