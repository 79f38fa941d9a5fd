import { setTimeout as delay } from 'node:timers/promises';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { RedactingLogger } from './redacting-logger';

/** How long the shutdown waits for a run that is under way, which may be the purge of a million rows. */
const SHUTDOWN_WAIT_MS = 2000;

type Work = () => unknown;

interface JobOptions {
  /** The first run is part of the start, which waits for its end but does not fail with it. */
  readonly runsAtStart?: boolean;
  /** One more run is part of the shutdown. */
  readonly runsAtShutdown?: boolean;
}

/**
 * Runs what is to be done again and again from the start of the application to its shutdown, when the
 * connections are still open: they belong to global modules, which Nest shuts down after all others.
 */
@Injectable()
export class BackgroundJobsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly jobs: Job[] = [];
  private isRunning = false;

  /**
   * Runs `work` each time `milliseconds` after its last run has ended, so that it never overlaps itself. The
   * first of several failures in a row is logged with the name of the job.
   */
  every(name: string, milliseconds: number, work: Work, options: JobOptions = {}): void {
    const job = new Job(name, milliseconds, work, options);
    this.jobs.push(job);
    if (this.isRunning) void job.start();
  }

  async onApplicationBootstrap(): Promise<void> {
    this.isRunning = true;
    await Promise.all(this.jobs.map((job) => job.start()));
  }

  async onApplicationShutdown(): Promise<void> {
    this.isRunning = false;
    await Promise.all(this.jobs.map((job) => job.stop()));
  }
}

class Job {
  private readonly logger = new RedactingLogger(BackgroundJobsService.name);
  private underWay?: Promise<void>;
  private timer?: NodeJS.Timeout;
  private isStopped = false;
  private isFailing = false;

  constructor(
    private readonly name: string,
    private readonly milliseconds: number,
    private readonly work: Work,
    private readonly options: JobOptions,
  ) {}

  async start(): Promise<void> {
    if (this.options.runsAtStart) await this.run();
    this.scheduleNext();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    if (this.underWay) await settledWithin(SHUTDOWN_WAIT_MS, this.underWay);
    if (this.options.runsAtShutdown) await this.run();
  }

  private scheduleNext(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(async () => {
      await this.run();
      this.scheduleNext();
    }, this.milliseconds).unref();
  }

  private run(): Promise<void> {
    this.underWay ??= this.attempt().finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async attempt(): Promise<void> {
    try {
      await this.work();
      if (this.isFailing) this.logger.log(`Background job works again: ${this.name}`);
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.error(error, `Background job failed: ${this.name}`);
      this.isFailing = true;
    }
  }
}

async function settledWithin(milliseconds: number, work: Promise<void>): Promise<void> {
  const ended = new AbortController();
  const timeout = delay(milliseconds, undefined, { signal: ended.signal });
  await Promise.race([work, timeout.catch(() => undefined)]);
  ended.abort();
}
