import { setTimeout as delay } from 'node:timers/promises';
import type Redis from 'ioredis';
import { challengeKey } from '../../support/challenge-key';
import { withRedis } from '../../support/servers/redis';
import type { World } from '../world';
import { type Begin, type Fault, killed, repeatedly, stopped } from './fault';
import { networkFaults } from './network';

const single = { kind: 'single' } as const;
/** What was not replicated is gone, and with it codes that were sent. */
const failover = { forgetsCodes: true } as const;

/** Those of numbers whose owners may be about to ask for another code, each once. */
const moveSlots: Begin = (...where) => {
  const moved = new Set<unknown>();
  const move = repeatedly(async (world, { spentCodes }) => {
    const cluster = world.stores.cluster!;
    const key = challengeKey(spentCodes.at(-1)!.mobile);
    const slot = await world.onRedis((redis) => redis.cluster('KEYSLOT', key));
    if (moved.has(slot)) return;
    moved.add(slot);
    const from = await cluster.shardOf(key);
    const slotMove = await cluster.startMove(
      key,
      cluster.shards.find((shard) => shard !== from)!,
    );
    await delay(100);
    await slotMove.moveKeys();
    await delay(100);
    await slotMove.finish();
  });
  return move(...where);
};

export const REDIS_FAULTS: Fault[] = [
  ...networkFaults(({ redisProxy }) => redisProxy).map(([name, begin]) => ({
    ...single,
    name: `Redis: ${name}`,
    begin,
  })),
  { ...single, name: 'Redis: killed', begin: killed(({ stores }) => stores.redis) },
  { ...single, name: 'Redis: stopped', begin: stopped(({ stores }) => stores.redis) },
  { ...single, name: 'Redis: away when a node starts', begin: awayAtStart },
  {
    ...single,
    name: 'Redis: READONLY after a failover',
    // The primary that it is told to follow never answers: it keeps its data and takes no writes.
    begin: setting(
      (redis) => redis.replicaof('127.0.0.1', 1),
      (redis) => redis.replicaof('NO', 'ONE'),
    ),
  },
  {
    ...single,
    name: 'Redis: out of memory, noeviction',
    begin: setting(
      (redis) => redis.config('SET', 'maxmemory', '1'),
      (redis) => redis.config('SET', 'maxmemory', '0'),
    ),
  },
  {
    ...single,
    name: 'Redis: FLUSHALL',
    forgetsCodes: true,
    begin: repeatedly((world) => world.onRedis((redis) => redis.flushall())),
  },
  {
    ...single,
    name: 'Redis: scripts flushed',
    begin: repeatedly((world) => world.onRedis((redis) => redis.script('FLUSH'))),
  },
  { ...failover, kind: 'sentinel', name: 'Redis: Sentinel failover', begin: sentinelFailover },
  {
    ...failover,
    kind: 'sentinel',
    name: 'Redis: Sentinel failover that loses acknowledged writes',
    begin: async (world, _traffic, measure) => {
      const [, replica] = world.stores.redisPair!;
      await withRedis(replica.port, (redis) => redis.replicaof('127.0.0.1', 1));
      await delay(Math.min(measure.milliseconds, 1000));
      return sentinelFailover(world);
    },
  },
  { kind: 'cluster', name: 'Redis: Cluster slots move', begin: moveSlots },
  {
    ...failover,
    kind: 'cluster',
    name: 'Redis: Cluster master killed',
    begin: killed(({ stores }) => stores.redis),
  },
];

function setting(
  change: (redis: Redis) => Promise<unknown>,
  back: (redis: Redis) => Promise<unknown>,
): Begin {
  return async (world) => {
    await world.onRedis(change);
    return () => world.onRedis(back);
  };
}

async function awayAtStart(world: World) {
  await world.stores.redis.kill();
  const [first] = world.nodes.splice(0, 1);
  await first!.stop('SIGTERM');
  world.nodes.push(await world.startNode());
  return () => world.stores.redis.restart();
}

async function sentinelFailover({ stores }: World) {
  const { redisPair } = stores;
  const [primary, replica] = redisPair!;
  await primary.kill();
  await stores.sentinels!.untilPrimaryIs(replica);
  redisPair!.reverse();
  return () => primary.restart();
}
