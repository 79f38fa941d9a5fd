import cluster, { type Worker } from 'node:cluster';

/** A worker that dies after this time is restarted at once: the next one will probably live. */
const SETTLED_MS = 60_000;
/** Backoff before a restart: doubled for each worker that died early. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** One of the workers, and the next one with the same worker id when it dies. */
export class Slot {
  worker?: Worker;
  /** Whether the worker listens. */
  isUp = false;
  private startedAt = 0;
  private earlyDeaths = 0;

  constructor(readonly workerId: number) {}

  start(): Worker {
    this.startedAt = performance.now();
    this.worker = cluster.fork({ WORKER_ID: String(this.workerId) });
    return this.worker;
  }

  /** @returns the milliseconds to wait before the next start. */
  clear(): number {
    const isEarly = performance.now() - this.startedAt < SETTLED_MS;
    this.earlyDeaths = isEarly ? this.earlyDeaths + 1 : 0;
    this.isUp = false;
    this.worker = undefined;
    return this.earlyDeaths === 0
      ? 0
      : Math.min(FIRST_PAUSE_MS * 2 ** this.earlyDeaths, LONGEST_PAUSE_MS);
  }
}
