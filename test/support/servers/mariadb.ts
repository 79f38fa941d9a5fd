import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { freePort } from './free-port';
import { copyEmptyTables, LOG_SIZE } from './mariadb-template';
import { newDataDirectory, type PrivateServer, supervise } from './private-server';

/** An empty MariaDB whose user `root` has no password. */
export async function startMariaDb(): Promise<PrivateServer> {
  return superviseMariaDb({ port: await freePort(), settings: () => ['--skip-log-bin'] });
}

interface MariaDbOptions {
  port: number;
  /** Who the URL names: `root` may also write to what is read-only. */
  user?: string;
  /** Who the process belongs to when root starts it. */
  account?: string;
  /** Further arguments, asked for again at every start. */
  settings: () => string[];
  /** @throws while it is not up, besides what every MariaDB waits for. */
  isUp?: (connection: Connection) => Promise<void>;
}

/** A MariaDB on a new data directory. */
export function superviseMariaDb(options: MariaDbOptions): Promise<PrivateServer> {
  const { port, user = 'root', account = 'root', settings, isUp } = options;
  const isRoot = process.getuid?.() === 0;
  const asAccount = isRoot ? [`--user=${account}`] : [];
  const dataDirectory = newDataDirectory('mariadb');
  copyEmptyTables(dataDirectory);
  if (isRoot) execFileSync('chown', ['-R', account, dataDirectory]);
  const args = mariaDbArguments(port, dataDirectory);
  return supervise({
    url: `mysql://${user}@127.0.0.1:${port}`,
    port,
    dataDirectory,
    command: () => ['mariadbd', ...args, ...asAccount, ...settings()],
    isUp: () => withMariaDb(port, async (connection) => isUp?.(connection)),
  });
}

/** Talks to the server on a port as root, and fails at once when there is none. */
export async function withMariaDb<T>(
  port: number,
  talk: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' });
  try {
    return await talk(connection);
  } finally {
    await connection.end();
  }
}

/** Creates an empty database on a server. @returns its URL. */
export async function newDatabase(server: string): Promise<string> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const connection = await createConnection(server);
  await connection.query(`CREATE DATABASE ${name}`);
  await connection.end();
  const url = new URL(server);
  url.pathname = name;
  return url.href;
}

function mariaDbArguments(port: number, dataDirectory: string): string[] {
  return [
    '--no-defaults',
    `--datadir=${dataDirectory}`,
    `--tmpdir=${dataDirectory}`,
    `--port=${port}`,
    `--socket=${join(dataDirectory, 's')}`,
    '--bind-address=127.0.0.1',
    '--innodb-buffer-pool-size=64M',
    LOG_SIZE,
    '--innodb-flush-log-at-trx-commit=2',
    '--max-connections=400',
    // Not what the tables need: the migrations must not depend on the server's default.
    '--character-set-server=latin1',
  ];
}
