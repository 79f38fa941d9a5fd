import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Redis from 'ioredis';
import { REDIS_RIGHTS, tandemUser } from '../redis-rights';
import { until } from '../until';
import { freePort } from './free-port';
import { newDataDirectory, type PrivateServer, supervise } from './private-server';
import { startRedis, withRedis } from './redis';

const GROUP = 'mymaster';
const QUORUM = 2;
const DOWN_AFTER_MILLISECONDS = 500;

/** A Redis primary, its replica, and three sentinels that make the replica the primary in a second or two. */
export interface RedisSentinels {
  readonly primary: PrivateServer;
  readonly replica: PrivateServer;
  readonly sentinels: PrivateServer[];
  /** The settings of an application that uses them. */
  readonly env: { REDIS_URL: string; REDIS_SENTINELS: string };
  /** Makes the replica the primary while both are well, as an operator would. */
  failOver(): Promise<void>;
  /** Resolves once every sentinel that answers names this server as the primary. */
  untilPrimaryIs(server: PrivateServer): Promise<void>;
  remove(): Promise<void>;
}

interface Sentinel {
  readonly id: string;
  readonly port: number;
}

export async function startRedisSentinels(): Promise<RedisSentinels> {
  const settings = { user: tandemUser(REDIS_RIGHTS.server) };
  const primary = await startRedis({ settings });
  const replica = await startRedis({ replicaOf: primary.port, settings });
  const three: Sentinel[] = [];
  for (let count = 0; count < 3; count++) three.push(await newSentinel());
  const sentinels = await Promise.all(three.map((one) => startSentinel(one, three, primary.port)));
  return {
    primary,
    replica,
    sentinels,
    env: {
      REDIS_URL: `redis://${GROUP}`,
      REDIS_SENTINELS: sentinels.map(({ url }) => url).join(),
    },
    failOver: () => until(() => failOver(sentinels[0]!, replica)),
    untilPrimaryIs: ({ port }) =>
      until(async () => {
        const named = await Promise.all(sentinels.map(namedBy));
        return named.every((one) => one === undefined || one === port);
      }),
    remove: async () => {
      await Promise.all([...sentinels, primary, replica].map((server) => server.remove()));
    },
  };
}

const newSentinel = async () => ({ id: randomBytes(20).toString('hex'), port: await freePort() });

/** Sentinels remember each other in their configuration: so they need not wait until they have met. */
async function startSentinel(
  { id, port }: Sentinel,
  all: Sentinel[],
  primaryPort: number,
): Promise<PrivateServer> {
  const dataDirectory = newDataDirectory('sentinel');
  const configuration = join(dataDirectory, 'sentinel.conf');
  const others = all.filter((other) => other.id !== id);
  writeFileSync(
    configuration,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${dataDirectory}`,
      `user ${tandemUser(REDIS_RIGHTS.sentinel)}`,
      `sentinel myid ${id}`,
      `sentinel monitor ${GROUP} 127.0.0.1 ${primaryPort} ${QUORUM}`,
      `sentinel down-after-milliseconds ${GROUP} ${DOWN_AFTER_MILLISECONDS}`,
      `sentinel failover-timeout ${GROUP} 3000`,
      ...others.map(
        (other) => `sentinel known-sentinel ${GROUP} 127.0.0.1 ${other.port} ${other.id}`,
      ),
    ].join('\n'),
  );
  return supervise({
    url: `redis://127.0.0.1:${port}`,
    port,
    dataDirectory,
    command: () => ['redis-server', configuration, '--sentinel'],
    isUp: () => withRedis(port, assertReady),
  });
}

/** It knows the replica and reaches the other sentinels. */
async function assertReady(client: Redis): Promise<void> {
  const [replicas] = (await client.call('SENTINEL', 'REPLICAS', GROUP)) as string[][];
  await client.call('SENTINEL', 'CKQUORUM', GROUP);
  if (!replicas?.includes('ok')) throw new Error('The replica is not known yet.');
}

async function namedBy({ port }: PrivateServer): Promise<number | undefined> {
  const asked = withRedis(port, (client) =>
    client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', GROUP),
  );
  const address = await asked.catch(() => undefined);
  return Array.isArray(address) ? Number(address[1]) : undefined;
}

/** Orders it as often as needed: a sentinel that is too slow gives up. */
async function failOver(sentinel: PrivateServer, replica: PrivateServer): Promise<boolean> {
  if ((await namedBy(sentinel)) === replica.port) return true;
  const order = withRedis(sentinel.port, (client) => client.call('SENTINEL', 'FAILOVER', GROUP));
  // Mostly that it is on its way.
  await order.catch(() => undefined);
  return false;
}
