import { emptyDirectory, ServerProcess } from '../test/support/server-process';
import { median } from './rank-tests';
import type { Stores } from './stores';

const STARTS = 5;

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
  const from = performance.now();
  const server = await ServerProcess.start(env);
  const { status } = await server.get('/health/live');
  const time = performance.now() - from;
  await server.stop();
  if (status !== 200) throw new Error(`/health/live was answered ${status}`);
  return time;
}
