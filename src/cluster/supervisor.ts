import type { Worker } from 'node:cluster';
import type { Logger } from 'pino';
import { MAX_WORKER_ID } from '../common/snowflake';
import type { Env } from '../config/env';
import { createLogger } from '../observability/logger';
import { relayMetrics } from './metrics-relay';
import { Slot } from './slot';

/** Milliseconds for the workers to end by themselves, which the drain and the stores need at most. */
const PATIENCE = 20_000;

/** Runs `env.workers` servers on one port until a signal ends them. */
export function supervise(env: Env): void {
  new Supervisor(env, createLogger(env)).start();
}

/**
 * The first process of several: it hands connections to the workers in turn, replaces those that die,
 * passes signals on, and neither serves nor loads the application.
 */
class Supervisor {
  private readonly slots: Slot[];
  /** Whether all have listened: before that, whatever ends one refuses the start. */
  private isStarted = false;
  /** Set once they are to end. */
  private exitCode?: number;

  constructor(
    private readonly env: Env,
    private readonly logger: Logger,
  ) {
    const { WORKER_ID, workers } = env;
    this.slots = Array.from(
      { length: workers },
      // Only an id that was drawn at random is so high that they go round.
      (_, index) => new Slot((WORKER_ID + index) % (MAX_WORKER_ID + 1)),
    );
  }

  /** One comes up before the others: it migrates the database, and says alone what refuses the start. */
  start(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => this.end(0, signal));
    }
    if (this.env.JWT_KEYS_FILE) process.on('SIGHUP', () => this.reload());
    relayMetrics(() => this.listening());
    this.launch(this.slots[0]!);
  }

  private launch(slot: Slot): void {
    if (this.exitCode !== undefined) return;
    const worker = slot.start();
    worker.once('listening', () => this.cameUp(slot));
    worker.once('exit', (code, signal) => this.ended(slot, worker, code, signal));
    worker.on('error', (error) => {
      this.logger.error({ err: error, worker_id: slot.workerId }, 'A worker cannot be spoken to');
      // It could not even be spawned, and will not exit.
      if (worker.process.pid === undefined) this.ended(slot, worker, 1);
    });
  }

  private cameUp(slot: Slot): void {
    slot.isUp = true;
    if (this.isStarted) return;
    if (slot === this.slots[0]) for (const other of this.slots.slice(1)) this.launch(other);
    this.isStarted = this.listening().length === this.slots.length;
    if (this.isStarted) this.logger.info(`All ${this.slots.length} workers listen`);
  }

  private ended(slot: Slot, worker: Worker, code: number | null, signal?: string): void {
    const pause = slot.clear();
    if (this.exitCode !== undefined) return this.exitAfterTheLast();
    const { pid } = worker.process;
    const death = { worker_id: slot.workerId, worker_pid: pid, exit_code: code, signal };
    if (!this.isStarted) {
      this.logger.error(death, 'A worker ended before all were up: the start is given up');
      return this.end(code || 1, 'SIGTERM');
    }
    this.logger.error({ ...death, ms: pause }, 'A worker ended and is replaced');
    setTimeout(() => this.launch(slot), pause);
  }

  /** Like a server alone, hears the first signal only. */
  private end(exitCode: number, signal: NodeJS.Signals): void {
    if (this.exitCode !== undefined) return;
    this.exitCode = exitCode;
    this.send(signal);
    setTimeout(() => {
      this.logger.error('Workers that did not end are killed');
      this.exitCode = 1;
      this.send('SIGKILL');
    }, PATIENCE);
    this.exitAfterTheLast();
  }

  private send(signal: NodeJS.Signals): void {
    for (const { worker } of this.slots) worker?.process.kill(signal);
  }

  private exitAfterTheLast(): void {
    if (this.slots.every(({ worker }) => !worker)) process.exit(this.exitCode);
  }

  /** One that is starting may have read the file already, but would die of the signal. */
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
