import { forgedAddresses, sharedAddress } from './checks/client-address';
import { caching, guard, trace, unknownRoutes } from './checks/contract';
import { browserHeaders, docs, foreignOrigins, keySet, metrics, software } from './checks/exposure';
import { liveness, readiness } from './checks/health';
import { reach } from './checks/reach';
import type { RemoteServer } from './checks/remote-server';
import { clock, encryption, plainHttp } from './checks/transport';
import { type Check, problem, type Verdict } from './checks/verdict';

export interface Finding extends Verdict {
  readonly name: string;
}

const CHECKS: Record<string, Check> = {
  liveness,
  readiness,
  encryption,
  'plain http': plainHttp,
  clock,
  guard,
  'unknown routes': unknownRoutes,
  caching,
  TRACE: trace,
  'foreign origins': foreignOrigins,
  'browser headers': browserHeaders,
  'key set': keySet,
  metrics,
  docs,
  software,
  'forged addresses': forgedAddresses,
};

/** Looks at a running server from outside, as any client could. One check after the other. */
export async function* examine(url: URL): AsyncGenerator<Finding> {
  const { verdict, ways } = await reach(url);
  yield { name: 'reachable', ...verdict };
  const [server, twin] = ways;
  if (!server || verdict.status === 'problem') return;
  for (const [name, check] of Object.entries(CHECKS)) yield* run(name, check, server);
  if (twin) yield* run('shared address', () => sharedAddress(server, twin), server);
}

/** What one check fails for is no reason to leave out the others. */
async function* run(name: string, check: Check, server: RemoteServer): AsyncGenerator<Finding> {
  const verdict = await check(server).catch(({ message }: Error) =>
    problem(`Not to be told: ${message}.`),
  );
  if (verdict) yield { name, ...verdict };
}
