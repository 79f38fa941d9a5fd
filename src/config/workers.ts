import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { MAX_WORKER_ID } from '../common/snowflake';
import type { Env } from './env';
import { field } from './env-fields';

const MAX_WORKERS = 256;

/** How many processes serve, or `auto`. */
export function Workers(): PropertyDecorator {
  return field<number | 'auto'>(
    (text) => {
      if (text === 'auto') return text;
      return /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
    },
    (value) => value === 'auto' || (value >= 1 && value <= MAX_WORKERS),
    `must be auto or a whole number from 1 to ${MAX_WORKERS}`,
  );
}

/** `auto` is as many as the stores allow: one for each core, or one alone where it cannot share them. */
export function workersOf(env: Env): number {
  if (env.WORKERS !== 'auto') return env.WORKERS;
  return sharesStores(env) ? availableParallelism() : 1;
}

/** @param given the variables that are set. */
export function* workerSettingProblems(env: Env, given: ReadonlySet<string>): Generator<string> {
  // It has its own id, and the first process has asked.
  if (cluster.isWorker || !(env.workers > 1)) return;
  if (!sharesStores(env)) {
    yield 'WORKERS need MySQL and Redis to share: set DATABASE_URL to mysql://… and REDIS_URL (or REDIS_CLUSTER_NODES), or WORKERS to 1';
  }
  const highest = MAX_WORKER_ID + 1 - env.workers;
  if (given.has('WORKER_ID') && env.WORKER_ID > highest) {
    yield `WORKER_ID is that of the first of ${env.workers} WORKERS: it must be at most ${highest}`;
  }
}

/** SQLite has one writer, and limits in a process would be as many times as high. */
function sharesStores(env: Env): boolean {
  return env.sqliteFile === undefined && env.hasRedis;
}
