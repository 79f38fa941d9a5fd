import { setTimeout as delay } from 'node:timers/promises';
import type { World } from '../world';
import type { Fault } from './fault';

/** Milliseconds until balancers have noticed that a node is not ready. */
const NOTICED = 1000;

export const NODE_FAULTS: Fault[] = [
  {
    kind: 'single',
    name: 'node: SIGKILL, again and again',
    dropsConnections: true,
    begin: async (world, _traffic, { kills }) => {
      for (let kill = 0; kill < kills; kill++) await killOne(world);
      return () => undefined;
    },
  },
  {
    kind: 'single',
    name: 'node: SIGTERM, one after the other',
    begin: async (world) => {
      await replaceOne(world);
      await replaceOne(world);
      return () => undefined;
    },
  },
];

async function killOne(world: World): Promise<void> {
  await world.nodes[0]!.stop('SIGKILL');
  world.nodes.shift();
  world.nodes.push(await world.startNode());
}

async function replaceOne(world: World): Promise<void> {
  world.nodes.push(await world.startNode());
  const leaving = world.nodes[0]!;
  const stopped = leaving.stop('SIGTERM');
  await delay(NOTICED);
  world.nodes.shift();
  await stopped;
}
