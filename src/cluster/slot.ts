import cluster, { type Worker } from 'node:cluster';

/** Milliseconds after which a worker that dies is no sign that the next one will. */
const SETTLED = 60_000;
/** Milliseconds before a worker is replaced: twice as many for each that died at once before it. */
const PAUSE = 250;
const LONGEST_PAUSE = 30_000;

/** The place of a worker, which the next one takes over with its id when it dies. */
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
    const isEarly = performance.now() - this.startedAt < SETTLED;
    this.earlyDeaths = isEarly ? this.earlyDeaths + 1 : 0;
    this.isUp = false;
    this.worker = undefined;
    return this.earlyDeaths === 0 ? 0 : Math.min(PAUSE * 2 ** this.earlyDeaths, LONGEST_PAUSE);
  }
}
