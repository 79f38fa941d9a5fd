import { emptyDirectory, ServerProcess } from '../test/support/server-process';
import { freePort } from '../test/support/servers/free-port';
import { until } from '../test/support/until';
import { median } from './statistics';
import type { Stores } from './stores';

const STARTS = 5;
/** Seconds. */
const PATIENCE = 30;

/** Milliseconds from the start of the built server to its first answer, by mode. */
export async function measureStarts(stores: Stores): Promise<Record<string, number>> {
  const standard = { ...(await stores.fresh()), SMS_PROVIDERS: 'log' };
  return { embedded: await medianStart({}), standard: await medianStart(standard) };
}

/** The first one, which creates the tables, is not counted. */
async function medianStart(env: Record<string, string>): Promise<number> {
  const DATA_DIR = emptyDirectory();
  const times: number[] = [];
  for (let start = 0; start <= STARTS; start++) times.push(await timeStart({ DATA_DIR, ...env }));
  return median(times.slice(1));
}

async function timeStart(env: Record<string, string>): Promise<number> {
  const PORT = String(await freePort());
  const from = performance.now();
  const starting = ServerProcess.start({ ...env, PORT });
  // What it logs comes up to 0.1 s later.
  await until(() => isLive(PORT), PATIENCE);
  const time = performance.now() - from;
  await (await starting).stop();
  return time;
}

const isLive = (port: string) =>
  fetch(`http://127.0.0.1:${port}/health/live`).then(
    ({ ok }) => ok,
    () => false,
  );
