import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';
import { parseEnv } from '../config/load-env';
import { primaryConnection } from './redis-connections';
import { RedisService } from './redis.service';

/** Shorter than a server may be silent. */
const PACE_MS = 300;
const COMMANDS = 20;
const LOADED = '$9\r\nloading:0\r\n';

/** Answers one command after the other, each as late. */
function serve(socket: Socket): void {
  let waiting = 0;
  const timer = setInterval(() => {
    if (waiting === 0) return;
    waiting -= 1;
    socket.write(LOADED);
  }, PACE_MS);
  socket.on('data', (data) => (waiting += String(data).split('*').length - 1));
  socket.on('error', () => undefined);
  socket.on('close', () => clearInterval(timer));
}

describe('a Redis that answers, but later and later', () => {
  let server: Server;
  let client: Redis;

  beforeAll(async () => {
    server = createServer(serve);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const env = parseEnv({ REDIS_URL: `redis://127.0.0.1:${port}` });
    const { options } = primaryConnection(env) as { options: RedisOptions };
    client = new Redis({ ...options, disableClientInfo: true });
    await new RedisService(env, client).onModuleInit();
  });
  afterAll(() => {
    client.disconnect();
    server.close();
  });

  it('keeps no command waiting behind all others', async () => {
    const asked = Array.from({ length: COMMANDS }, () => client.get('any'));

    const settled = await Promise.allSettled(asked);

    const statuses = settled.map(({ status }) => status);
    expect(statuses).toContain('fulfilled');
    expect(statuses.at(-1)).toBe('rejected');
    expect(client.status).toBe('ready');
  });
});
