import Redis from 'ioredis';
import { freePort } from './free-port';
import { newDataDirectory, type PrivateServer, supervise } from './private-server';

interface RedisOptions {
  port?: number;
  dataDirectory?: string;
  /** The port of the primary, when this is a replica. */
  replicaOf?: number;
  /** Lines of `redis.conf`, like `{ maxmemory: '2mb' }`. */
  settings?: Record<string, string | number>;
  /** @throws while it is not up, besides what every Redis waits for. */
  isUp?: (client: Redis) => Promise<void>;
}

/** A Redis whose acknowledged writes are all on disk, so that one that was killed comes back with them. */
export async function startRedis(options: RedisOptions = {}): Promise<PrivateServer> {
  const { port = await freePort(), dataDirectory = newDataDirectory('redis'), isUp } = options;
  return supervise({
    url: `redis://127.0.0.1:${port}`,
    port,
    dataDirectory,
    command: () => ['redis-server', ...redisArguments(port, dataDirectory, options)],
    isUp: () =>
      withRedis(port, async (client) => {
        const info = await client.info('replication');
        const isInSync = info.includes('master_link_status:up');
        if (options.replicaOf && !isInSync) throw new Error('Not in sync yet.');
        await isUp?.(client);
      }),
  });
}

/** Talks to the server on a port, and fails at once when there is none. */
export async function withRedis<T>(port: number, talk: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(port, '127.0.0.1', {
    lazyConnect: true,
    retryStrategy: null,
    // Runs in full after a refused connection, and keeps the process up so long.
    disconnectTimeout: 50,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await talk(client);
  } finally {
    client.disconnect();
  }
}

function redisArguments(port: number, dir: string, { replicaOf, settings }: RedisOptions) {
  const options = {
    port,
    bind: '127.0.0.1',
    dir,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'repl-diskless-sync-delay': 0,
    ...(replicaOf && { replicaof: `127.0.0.1 ${replicaOf}` }),
    ...settings,
  };
  return Object.entries(options).flatMap(([name, value]) => [
    `--${name}`,
    ...String(value).split(' '),
  ]);
}
