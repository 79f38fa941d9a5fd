import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { emptyDirectory } from '../../test/support/server-process';
import { startChild } from './child';
import type { Dialect } from '../exchange';
import type { StoreEnv } from '../stores';
import type { Contestant } from './contestant';
import { TandemData } from './tandem-data';
import { tandemDialect } from './tandem-dialect';

const DIST = resolve(__dirname, '../../dist');

interface Variant {
  hindrance?: Contestant['hindrance'];
  /** Further variables, made at every start. */
  settings?: () => Record<string, string>;
  /** What is in its tables before it starts. */
  fill?: (stores: StoreEnv) => Promise<void>;
  data?: typeof TandemData;
  dialect?: Dialect;
}

/** A server that keeps Tandem's contract on the tables that Tandem's migrations make. */
export function onTandemTables(
  name: string,
  file: string,
  { hindrance, settings, fill, data: DataOf = TandemData, dialect = tandemDialect }: Variant = {},
): Contestant {
  const start: Contestant['start'] = async (stores) => {
    const storeEnv = await stores.fresh();
    runCommand(['migrate'], storeEnv);
    await fill?.(storeEnv);
    const JWT_SECRET = randomBytes(48).toString('base64');
    const env = { ...storeEnv, JWT_SECRET, SMS_PROVIDERS: 'log', TRUST_PROXY: '1', PORT: '0' };
    const child = await startChild(file, { ...env, ...settings?.() });
    const data = new DataOf(storeEnv, JWT_SECRET);
    const stop = async () => void (await Promise.all([child.stop(), data.close()]));
    const liveMemory = async () => Number(await child.ask('memory', ['']));
    return { ...child, data, dialect, liveMemory, stop };
  };
  return { name, hindrance, start };
}

/** Runs one of Tandem's built commands. */
export function runCommand(parameters: string[], env: Record<string, string> = {}): void {
  execFileSync(process.execPath, [join(DIST, 'cli/main.js'), ...parameters], {
    cwd: emptyDirectory(),
    env: { PATH: process.env.PATH, ...env },
  });
}
