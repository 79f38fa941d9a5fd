import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Redis from 'ioredis';
import { REDIS_RIGHTS, tandemUser } from '../redis-rights';
import { freePort } from './free-port';
import { newDataDirectory, type PrivateServer } from './private-server';
import { startRedis, withRedis } from './redis';

const SLOTS = 16_384;
const SHARDS = 3;
const NODE_TIMEOUT_MILLISECONDS = 1000;

/** One master and its replica. */
export interface Shard {
  readonly master: PrivateServer;
  readonly replica: PrivateServer;
}

/** A Redis Cluster of three masters with a replica each, which replaces a dead master in some seconds. */
export interface RedisCluster {
  readonly shards: Shard[];
  /** The settings of an application that uses it. */
  readonly env: { REDIS_URL: 'none'; REDIS_CLUSTER_NODES: string };
  /** The shard that held a key at the start. */
  shardOf(key: string): Promise<Shard>;
  /** Resolves once the replica of a shard has what its master has written. */
  untilInSync(shard: Shard): Promise<void>;
  /** Begins to move the slot of a key to another shard: from here on clients are asked to go to both. */
  startMove(key: string, to: Shard): Promise<SlotMove>;
  remove(): Promise<void>;
}

export interface SlotMove {
  /** Moves the keys that the slot has now; new ones are already made at the new place. */
  moveKeys(): Promise<void>;
  /** Tells every node of the new place. */
  finish(): Promise<void>;
}

interface ClusterNode {
  readonly id: string;
  readonly port: number;
  readonly busPort: number;
  /** The number of its shard. */
  readonly shard: number;
  readonly isMaster: boolean;
}

/** Other processes may take one of twelve ports meanwhile: then it begins anew, with others. */
export async function startRedisCluster(attempts = 3): Promise<RedisCluster> {
  const nodes: ClusterNode[] = [];
  for (let count = 0; count < 2 * SHARDS; count++) {
    const [port, busPort] = [await freePort(), await freePort()];
    const [shard, isMaster] = [count % SHARDS, count < SHARDS];
    nodes.push({ id: randomBytes(20).toString('hex'), port, busPort, shard, isMaster });
  }
  const started = await Promise.allSettled(nodes.map((node) => startNode(node, nodes)));
  const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await Promise.all(servers.map((server) => server.remove()));
    if (attempts === 1) throw failed.reason;
    return startRedisCluster(attempts - 1);
  }
  const shards = Array.from({ length: SHARDS }, (_, index) => ({
    master: servers[index]!,
    replica: servers[index + SHARDS]!,
  }));
  /** Any of them knows. */
  const slotOf = (key: string) =>
    Promise.any(nodes.map(({ port }) => withRedis(port, (node) => node.cluster('KEYSLOT', key))));
  const shardOf = async (key: string) => shards[ownerOf(await slotOf(key))]!;
  return {
    shards,
    env: { REDIS_URL: 'none', REDIS_CLUSTER_NODES: servers.map(({ url }) => url).join() },
    shardOf,
    untilInSync: ({ master }) =>
      withRedis(master.port, async (client) => void (await client.wait(1, 10_000))),
    startMove: async (key, to) =>
      startMove(await slotOf(key), await shardOf(key), to, shards, nodes),
    remove: async () => {
      await Promise.all(servers.map((server) => server.remove()));
    },
  };
}

/** All of them start with the whole topology in their `nodes.conf`: so they need not wait until they have met. */
async function startNode(node: ClusterNode, all: ClusterNode[]): Promise<PrivateServer> {
  const dataDirectory = newDataDirectory('redis-cluster');
  const lines = all.map((other) => topologyLine(other, node, all));
  const epochs = `vars currentEpoch ${SHARDS} lastVoteEpoch 0`;
  writeFileSync(join(dataDirectory, 'nodes.conf'), `${[...lines, epochs].join('\n')}\n`);
  return startRedis({
    port: node.port,
    dataDirectory,
    isUp: assertReady,
    settings: {
      user: tandemUser(REDIS_RIGHTS.cluster),
      'cluster-enabled': 'yes',
      'cluster-port': node.busPort,
      'cluster-node-timeout': NODE_TIMEOUT_MILLISECONDS,
      'cluster-replica-validity-factor': 0,
      // A replica is known to others once it has heard something.
      'repl-ping-replica-period': 1,
      // One shard that is lost must not stop the others.
      'cluster-require-full-coverage': 'no',
      'cluster-allow-reads-when-down': 'yes',
    },
  });
}

/** `id ip:port@bus flags master ping pong epoch link slots`, as Redis writes it itself. */
function topologyLine(node: ClusterNode, self: ClusterNode, all: ClusterNode[]): string {
  const { id, port, busPort, shard, isMaster } = node;
  const flags = [node === self && 'myself', isMaster ? 'master' : 'slave'].filter(Boolean).join();
  const master = isMaster ? '-' : all.find((one) => one.isMaster && one.shard === shard)!.id;
  const slots = isMaster ? ` ${firstSlot(shard)}-${firstSlot(shard + 1) - 1}` : '';
  return `${id} 127.0.0.1:${port}@${busPort} ${flags} ${master} 0 0 ${shard + 1} connected${slots}`;
}

const firstSlot = (shard: number) => Math.ceil((shard * SLOTS) / SHARDS);
const ownerOf = (slot: number) => Math.floor((slot * SHARDS) / SLOTS);

async function assertReady(client: Redis): Promise<void> {
  const state = await client.cluster('INFO');
  const replication = await client.info('replication');
  const ranges = (await client.cluster('SLOTS')) as unknown[][];
  if (!state.includes('cluster_state:ok')) throw new Error('The cluster is not up yet.');
  if (replication.includes('master_link_status:down')) throw new Error('Not in sync yet.');
  // First and last slot, master, replica.
  if (ranges.some((range) => range.length < 4)) throw new Error('No word of the replicas yet.');
}

async function startMove(
  slot: number,
  { master: from }: Shard,
  { master: to }: Shard,
  shards: Shard[],
  nodes: ClusterNode[],
): Promise<SlotMove> {
  const idOf = ({ port }: PrivateServer) => nodes.find((node) => node.port === port)!.id;
  const setSlot = (server: PrivateServer, state: string, id: string) =>
    withRedis(server.port, (client) => client.call('CLUSTER', 'SETSLOT', slot, state, id));
  await setSlot(to, 'IMPORTING', idOf(from));
  await setSlot(from, 'MIGRATING', idOf(to));
  return {
    moveKeys: () =>
      withRedis(from.port, async (client) => {
        const keys = await client.cluster('GETKEYSINSLOT', slot, 1000);
        const target = ['127.0.0.1', to.port, '', 0, 1000, 'KEYS'];
        if (keys.length > 0) await client.call('MIGRATE', ...target, ...keys);
      }),
    finish: async () => {
      for (const server of [to, from]) await setSlot(server, 'NODE', idOf(to));
      const rest = shards.map(({ master }) => master).filter((one) => one !== to && one !== from);
      await Promise.all(rest.map((server) => setSlot(server, 'NODE', idOf(to))));
    },
  };
}
