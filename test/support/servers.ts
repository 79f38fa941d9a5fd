import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Redis from 'ioredis';
import { createConnection } from 'mysql2/promise';

/** A private server on a free port with its own data directory. */
export interface PrivateServer {
  readonly url: string;
  readonly port: number;
  /** The state of SIGKILL: gone at once, what was not on disk is lost. */
  kill(): Promise<void>;
  /** Stops answering without closing connections, until `resume`. */
  pause(): void;
  resume(): void;
  /** Starts it again on the same port and data directory. */
  restart(): Promise<void>;
  /** Kills it and removes its data. */
  remove(): Promise<void>;
}

const START_TIMEOUT = 30_000;

export function isInstalled(...binaries: string[]): boolean {
  return binaries.every((binary) => {
    try {
      execFileSync('which', [binary], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

export async function startMariaDb(): Promise<PrivateServer> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'tandem-mariadb-'));
  const installer = ['mariadb-install-db', 'mysql_install_db'].find((name) => isInstalled(name))!;
  const asUser = process.getuid?.() === 0 ? ['--user=root'] : [];
  execFileSync(
    installer,
    [
      '--no-defaults',
      ...asUser,
      `--datadir=${dataDirectory}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    { stdio: 'ignore' },
  );
  const port = await freePort();
  const start = () =>
    spawn(
      'mariadbd',
      [
        '--no-defaults',
        ...asUser,
        `--datadir=${dataDirectory}`,
        `--port=${port}`,
        `--socket=${join(dataDirectory, 's')}`,
        '--bind-address=127.0.0.1',
        '--skip-log-bin',
        '--innodb-buffer-pool-size=64M',
        '--innodb-flush-log-at-trx-commit=2',
        '--max-connections=400',
        // Not what the tables need: the migrations must not depend on the server's default.
        '--character-set-server=latin1',
      ],
      { stdio: 'ignore' },
    );
  const isUp = async () => {
    const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' });
    await connection.end();
  };
  return supervise(start, isUp, `mysql://root@127.0.0.1:${port}`, port, dataDirectory);
}

/** @param options.replicaOf the port of the primary, when this is a replica. */
export async function startRedis({
  replicaOf,
}: { replicaOf?: number } = {}): Promise<PrivateServer> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'tandem-redis-'));
  const port = await freePort();
  const start = () =>
    spawn('redis-server', redisArguments(port, dataDirectory, replicaOf), { stdio: 'ignore' });
  const isUp = async () => {
    const client = new Redis(port, '127.0.0.1', {
      lazyConnect: true,
      retryStrategy: null,
      // Runs in full after a refused connection, and keeps the process up so long.
      disconnectTimeout: 50,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const info = await client.info('replication');
      if (replicaOf && !info.includes('master_link_status:up')) throw new Error('not in sync yet');
    } finally {
      client.disconnect();
    }
  };
  return supervise(start, isUp, `redis://127.0.0.1:${port}`, port, dataDirectory);
}

/** Every acknowledged write is on disk, so that a killed server comes back with its old data. */
function redisArguments(port: number, dataDirectory: string, replicaOf?: number): string[] {
  const options = {
    port,
    bind: '127.0.0.1',
    dir: dataDirectory,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'repl-diskless-sync-delay': 0,
    ...(replicaOf && { replicaof: `127.0.0.1 ${replicaOf}` }),
  };
  return Object.entries(options).flatMap(([name, value]) => [
    `--${name}`,
    ...String(value).split(' '),
  ]);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function supervise(
  start: () => ChildProcess,
  isUp: () => Promise<void>,
  url: string,
  port: number,
  dataDirectory: string,
): Promise<PrivateServer> {
  let child = start();
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await untilUp(isUp, () => child);
  return {
    url,
    port,
    kill,
    pause: () => stopThreads(child),
    resume: () => void child.kill('SIGCONT'),
    restart: async () => {
      await kill();
      child = start();
      await untilUp(isUp, () => child);
    },
    remove: async () => {
      await kill();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** A signal is on its way until every thread has stopped: until then the server may still answer. */
function stopThreads(child: ChildProcess): void {
  child.kill('SIGSTOP');
  const threads = process.platform === 'linux' ? ['-L'] : [];
  const states = () =>
    execFileSync('ps', ['-o', 'stat=', ...threads, '-p', String(child.pid)], { encoding: 'utf8' });
  while (
    !states()
      .trim()
      .split(/\s+/)
      .every((state) => state.startsWith('T'))
  );
}

async function untilUp(isUp: () => Promise<void>, child: () => ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    try {
      return await isUp();
    } catch (error) {
      if (child().exitCode !== null || Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}
