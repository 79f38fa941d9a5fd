import { setTimeout as delay } from 'node:timers/promises';
import type { PrivateServer } from '../../support/servers/private-server';
import type { Kind } from '../stores';
import type { Mercy, Traffic } from '../traffic';
import type { World } from '../world';

/** How long a fault lasts. */
export interface Measure {
  readonly milliseconds: number;
  /** How many processes one that kills them kills. */
  readonly kills: number;
}

export interface Fault extends Mercy {
  /** Of what: `Redis`, `SQL` or `node`. */
  readonly name: string;
  readonly kind: Kind;
  /** @returns what ends it. */
  begin(world: World, traffic: Traffic, measure: Measure): Promise<End>;
}

export type End = () => unknown;

export type Begin = Fault['begin'];

export function killed(server: (world: World) => PrivateServer): Begin {
  return async (world) => {
    await server(world).kill();
    return () => server(world).restart();
  };
}

export function stopped(server: (world: World) => PrivateServer): Begin {
  return async (world) => {
    server(world).pause();
    return () => server(world).resume();
  };
}

/** Ten blows a second. */
export function repeatedly(blow: (world: World, traffic: Traffic) => Promise<unknown>): Begin {
  return async (world, traffic) => {
    const ending = new AbortController();
    const blows = (async () => {
      while (!ending.signal.aborted) {
        await blow(world, traffic);
        await delay(100, undefined, { signal: ending.signal }).catch(() => undefined);
      }
    })();
    return () => {
      ending.abort();
      return blows;
    };
  };
}
