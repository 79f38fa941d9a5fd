import cluster from 'node:cluster';
import { MAX_WORKER_ID } from '../common/snowflake';
import type { Env } from './env';

/** @param given the variables that are set. */
export function* workerSettingProblems(env: Env, given: ReadonlySet<string>): Generator<string> {
  // It has its own id, and the first process has asked.
  if (cluster.isWorker || !(env.workers > 1)) return;
  if (!env.sharesStores) {
    yield 'WORKERS need MySQL and Redis to share: set DATABASE_URL to mysql://… and REDIS_URL (or REDIS_CLUSTER_NODES), or WORKERS to 1';
  }
  const highest = MAX_WORKER_ID + 1 - env.workers;
  if (given.has('WORKER_ID') && env.WORKER_ID > highest) {
    yield `WORKER_ID is that of the first of ${env.workers} WORKERS: it must be at most ${highest}`;
  }
}
