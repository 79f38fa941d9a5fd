import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { dialectOf } from './dialects/dialects';
import { readClock } from './sql-clock';
import { TANDEM } from './tandem';

const INTERVAL_MS = 500;

/**
 * Reads the database's time twice a second, which the {@link Clock} follows, and looks whether the server has become
 * read-only: a node that never writes would not notice a failover otherwise.
 */
@Injectable()
export class HeartbeatService {
  private readonly followers: (() => Promise<void>)[] = [];
  private hasTime = false;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    jobs: BackgroundJobsService,
  ) {
    jobs.every('heartbeat', INTERVAL_MS, () => this.beat(), { runsAtStart: true });
  }

  /** Runs `work` after every reading of the time, and only then: it never goes by a time that was set since. */
  follow(work: () => Promise<void>): void {
    this.followers.push(work);
  }

  /**
   * The database's time, in epoch milliseconds.
   *
   * @throws ApiException `UNAVAILABLE` until it was read once.
   */
  now(): number {
    if (!this.hasTime) throw new ApiException('UNAVAILABLE');
    return this.clock.now();
  }

  private async beat(): Promise<void> {
    await dialectOf(this.dataSource).isDemoted(this.dataSource);
    await this.clock.follow(() => readClock(this.dataSource));
    this.hasTime = true;
    for (const work of this.followers) await work();
  }
}
