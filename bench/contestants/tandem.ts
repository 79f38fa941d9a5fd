import { join, resolve } from 'node:path';
import { emptyDirectory } from '../../test/support/server-process';
import type { StoreEnv } from '../stores';
import type { Contestant } from './contestant';
import { onTandemTables, runCommand } from './tandem-tables';

const SERVERS = resolve(__dirname, '../servers');

/** The built server as in production, with one route more that does nothing but the guard. */
export const tandem: Contestant = onTandemTables('tandem', join(SERVERS, 'tandem.mjs'));

/** The same with further variables. */
export const tandemWith = (name: string, settings: Record<string, string>): Contestant =>
  onTandemTables(name, join(SERVERS, 'tandem.mjs'), { settings: () => settings });

/** The same on tables that something has filled before it starts. */
export const tandemOn = (name: string, fill: (stores: StoreEnv) => Promise<void>): Contestant =>
  onTandemTables(name, join(SERVERS, 'tandem.mjs'), { fill });

/** The same, and others can verify its access tokens with a public key. */
export const tandemEs256: Contestant = onTandemTables('tandem ES256', join(SERVERS, 'tandem.mjs'), {
  settings: () => {
    const JWT_KEYS_FILE = join(emptyDirectory(), 'keys.json');
    runCommand(['keys', 'generate', JWT_KEYS_FILE, 'ES256']);
    return { JWT_KEYS_FILE };
  },
});

/** The least that does the same durable work: what nobody gets under on this machine. */
export const limit: Contestant = onTandemTables('limit', join(SERVERS, 'limit.mjs'));
