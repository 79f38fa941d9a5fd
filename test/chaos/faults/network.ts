import type { FaultProxy, NetworkFault } from '../../support/fault-proxy';
import type { World } from '../world';
import type { Begin } from './fault';

const NETWORK: Record<string, NetworkFault> = {
  'black hole': { kind: 'black hole' },
  'half-open connections': { kind: 'half-open' },
  'connections reset': { kind: 'reset' },
  '5 s latency': { kind: 'latency', milliseconds: 5000 },
  '100 ms latency': { kind: 'latency', milliseconds: 100 },
  'pieces of 3 bytes': { kind: 'slice' },
  '20 kB/s': { kind: 'bandwidth', bytes: 20_000 },
};

/** What a network does to the way to a store. */
export function networkFaults(proxyOf: (world: World) => FaultProxy): [string, Begin][] {
  return Object.entries(NETWORK).map(([name, fault]) => [name, through(proxyOf, fault)]);
}

export function through(proxyOf: (world: World) => FaultProxy, fault: NetworkFault): Begin {
  return async (world) => {
    proxyOf(world).break(fault);
    return () => proxyOf(world).heal();
  };
}
