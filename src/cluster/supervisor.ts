import type { Worker } from 'node:cluster';
import type { Logger } from 'pino';
import { MAX_WORKER_ID } from '../common/snowflake';
import type { Env } from '../config/env';
import { createLogger } from '../observability/logger';
import { relayMetrics } from './metrics-relay';
import { Slot } from './slot';

/** For the workers to exit by themselves: more than draining and closing the stores take. */
const EXIT_TIMEOUT_MS = 20_000;

/** Runs `env.workers` servers on one port until a signal ends them. */
export function supervise(env: Env): void {
  new Supervisor(env, createLogger(env)).start();
}

/**
 * The primary process: hands connections to the workers in turn, restarts workers that die, passes signals on,
 * and neither serves nor loads the application.
 */
class Supervisor {
  private readonly slots: Slot[];
  private readonly metricsPort: number | undefined;
  /** Whether all workers have listened: before that, a worker that exits aborts the start. */
  private isStarted = false;
  /** Set once the workers are told to exit. */
  private exitCode?: number;

  constructor(
    { METRICS_PORT, WORKER_ID, workers }: Env,
    private readonly logger: Logger,
  ) {
    this.metricsPort = METRICS_PORT;
    this.slots = Array.from(
      { length: workers },
      // Only a random first id can be so high that the others wrap around.
      (_, index) => new Slot((WORKER_ID + index) % (MAX_WORKER_ID + 1)),
    );
  }

  /** One worker starts before the others: it migrates the database, and what refuses the start is logged once. */
  start(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => this.end(0, signal));
    }
    process.on('SIGHUP', () => this.reload());
    relayMetrics(() => this.listening());
    this.launch(this.slots[0]!);
  }

  private launch(slot: Slot): void {
    if (this.exitCode !== undefined) return;
    const worker = slot.start();
    worker.on('listening', ({ port }) => {
      if (port !== this.metricsPort) this.cameUp(slot);
    });
    worker.once('exit', (code, signal) => this.ended(slot, worker, code, signal));
    worker.on('error', (error) => {
      this.logger.error({ err: error, worker_id: slot.workerId }, 'Worker IPC failed');
      // It could not be spawned: there will be no exit event.
      if (worker.process.pid === undefined) this.ended(slot, worker, 1);
    });
  }

  private cameUp(slot: Slot): void {
    slot.isUp = true;
    if (this.isStarted) return;
    if (slot === this.slots[0]) for (const other of this.slots.slice(1)) this.launch(other);
    this.isStarted = this.listening().length === this.slots.length;
    if (this.isStarted) this.logger.info(`All ${this.slots.length} workers are listening`);
  }

  private ended(slot: Slot, worker: Worker, code: number | null, signal?: string): void {
    const pause = slot.clear();
    if (this.exitCode !== undefined) return this.exitAfterTheLast();
    const { pid } = worker.process;
    const death = { worker_id: slot.workerId, worker_pid: pid, exit_code: code, signal };
    if (!this.isStarted) {
      this.logger.error(death, 'Worker exited before all were listening: start aborted');
      return this.end(code || 1, 'SIGTERM');
    }
    this.logger.error({ ...death, ms: pause }, 'Worker exited: restarting');
    setTimeout(() => this.launch(slot), pause);
  }

  /** Like a single server, ignores further signals. */
  private end(exitCode: number, signal: NodeJS.Signals): void {
    if (this.exitCode !== undefined) return;
    this.exitCode = exitCode;
    this.send(signal);
    setTimeout(() => {
      this.logger.error('Workers did not exit in time: killing them');
      this.exitCode = 1;
      this.send('SIGKILL');
    }, EXIT_TIMEOUT_MS);
    this.exitAfterTheLast();
  }

  private send(signal: NodeJS.Signals): void {
    for (const { worker } of this.slots) worker?.process.kill(signal);
  }

  private exitAfterTheLast(): void {
    if (this.slots.every(({ worker }) => !worker)) process.exit(this.exitCode);
  }

  /** A worker that is still starting may have read the old file, but has no handler yet: the signal would kill it. */
  private reload(): void {
    for (const { worker, isUp } of this.slots) {
      const pass = () => void worker?.process.kill('SIGHUP');
      if (isUp) pass();
      else worker?.once('listening', pass);
    }
  }

  private listening(): Worker[] {
    return this.slots.flatMap(({ worker, isUp }) => (worker && isUp ? [worker] : []));
  }
}
