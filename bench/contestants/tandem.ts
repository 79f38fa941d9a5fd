import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { emptyDirectory } from '../../test/support/server-process';
import { startChild } from './child';
import type { Contestant } from './contestant';
import { TandemData } from './tandem-data';
import { tandemDialect } from './tandem-dialect';

const SERVERS = resolve(__dirname, '../servers');
const DIST = resolve(__dirname, '../../dist/src');

/** The built server as in production, with one route more that does nothing but the guard. */
export const tandem: Contestant = onTandemTables('tandem', 'tandem.mjs');

/** The same, and others can verify its access tokens with a public key. */
export const tandemEs256: Contestant = onTandemTables('tandem ES256', 'tandem.mjs', () => {
  const JWT_KEYS_FILE = join(emptyDirectory(), 'keys.json');
  command('auth/keys.cli.js', ['generate', JWT_KEYS_FILE, 'ES256']);
  return { JWT_KEYS_FILE };
});

/** The least that does the same durable work: what nobody gets under on this machine. */
export const limit: Contestant = onTandemTables('limit', 'limit.mjs');

function onTandemTables(
  name: string,
  file: string,
  settings: () => Record<string, string> = () => ({}),
): Contestant {
  const start: Contestant['start'] = async (stores) => {
    const storeEnv = await stores.fresh();
    command('migrations/cli.js', [], storeEnv);
    const JWT_SECRET = randomBytes(48).toString('base64');
    const env = { ...storeEnv, JWT_SECRET, SMS_PROVIDERS: 'log', TRUST_PROXY: '1', PORT: '0' };
    const child = await startChild(join(SERVERS, file), { ...env, ...settings() });
    const data = new TandemData(storeEnv, JWT_SECRET);
    const stop = async () => void (await Promise.all([child.stop(), data.close()]));
    return { ...child, data, dialect: tandemDialect, stop };
  };
  return { name, start };
}

function command(file: string, args: string[], env: Record<string, string> = {}): void {
  execFileSync(process.execPath, [join(DIST, file), ...args], {
    cwd: emptyDirectory(),
    env: { PATH: process.env.PATH, ...env },
  });
}
