import { join, resolve } from 'node:path';
import { emptyDirectory } from '../../test/support/server-process';
import type { StoreEnv } from '../stores';
import type { Contestant } from './contestant';
import { attackedDialect } from './tandem-dialect';
import { onTandemTables, runCommand } from './tandem-tables';

const SERVERS = resolve(__dirname, '../servers');

/** What limits all strangers together, so high that those who are measured do not meet it. */
const ROOM = {
  LIMITS: ['fresh-codes', 'fresh-codes-per-country', 'stray-guesses']
    .map((name) => `${name}=9999999/1h`)
    .join(),
  SMS_BUDGET_DAILY: '9999999',
};

/** The same with further variables. */
export const tandemWith = (name: string, settings: Record<string, string>): Contestant =>
  onTandemTables(name, join(SERVERS, 'tandem.mjs'), {
    settings: () => ({ ...ROOM, ...settings }),
    dialect: attackedDialect,
  });

/** The built server as in production, with one route more that does nothing but the guard. */
export const tandem: Contestant = tandemWith('tandem', {});

/** The same with a busy loop of so many microseconds in each request: a loss that a comparison has to find. */
export const planted = (microseconds: string): Contestant =>
  tandemWith('planted', { BENCH_LOSS: microseconds });

/** The same, but logins are told to neither the audit nor the outbox: what telling costs. */
export const untold: Contestant = tandemWith('untold', { BENCH_UNTOLD: 'yes' });

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
