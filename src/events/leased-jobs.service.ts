import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { LeasesService } from './leases.service';

const RENEW_MS = 1000;
/** How often a node that does not have a lease looks whether it is free. */
const LOOK_MS = 1500;

/** What this process last learned of a lease. */
interface Known {
  readonly isOurs: boolean;
  /** In milliseconds of {@link Clock.elapsed}. */
  readonly until: number;
}

/**
 * Background jobs that run on one node at a time. A node that dies is succeeded within 5 s, one that shuts down within 2 s.
 */
@Injectable()
export class LeasedJobsService implements BeforeApplicationShutdown {
  private readonly known = new Map<string, Known>();
  private isStopping = false;

  constructor(
    private readonly clock: Clock,
    private readonly jobs: BackgroundJobsService,
    private readonly leases: LeasesService,
  ) {}

  /** Runs `work` while this node has the lease of that name, each time `milliseconds` after its last run has ended. */
  every(name: string, milliseconds: number, work: () => Promise<unknown>): void {
    this.jobs.every(name, milliseconds, async () => {
      if (await this.holds(name)) await work();
    });
  }

  /** Without an outage of the database a successor need not wait. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    const ours = [...this.known].filter(([, { isOurs }]) => isOurs);
    await Promise.allSettled(ours.map(([name]) => this.leases.release(name)));
  }

  private async holds(name: string): Promise<boolean> {
    if (this.isStopping) return false;
    const known = this.known.get(name);
    if (known && this.clock.elapsed() < known.until) return known.isOurs;
    const askedAt = this.clock.elapsed();
    const isOurs = await this.leases.claim(name);
    this.known.set(name, { isOurs, until: askedAt + (isOurs ? RENEW_MS : LOOK_MS) });
    return isOurs;
  }
}
