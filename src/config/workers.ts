import { MAX_WORKER_ID } from '../common/snowflake';
import type { Env } from './env';

/** What the first process of several must refuse. @param given the variables that are set. */
export function* workerSettingProblems(env: Env, given: ReadonlySet<string>): Generator<string> {
  if (!(env.workers > 1)) return;
  if (!env.sharesStores) {
    yield 'WORKERS need MySQL and Redis to share: set DATABASE_URL to mysql://… and REDIS_URL (or REDIS_CLUSTER_NODES), or WORKERS to 1';
  }
  const highest = MAX_WORKER_ID + 1 - env.workers;
  if (given.has('WORKER_ID') && env.WORKER_ID > highest) {
    yield `WORKER_ID is that of the first of ${env.workers} WORKERS: it must be at most ${highest}`;
  }
}
