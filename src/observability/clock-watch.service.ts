import { Injectable } from '@nestjs/common';
import { RedactingLogger } from '../common/redacting-logger';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';

const INTERVAL_MS = 1000;
/** A difference from which somebody should look at a clock, long before providers refuse what it signs. */
const NOTABLE_SECONDS = 60;

/** Says when this node's own clock and that of the database begin to differ, and when they agree again. */
@Injectable()
export class ClockWatchService {
  private readonly logger = new RedactingLogger(ClockWatchService.name);
  /** Seconds. */
  private reported = 0;

  constructor(
    private readonly clock: Clock,
    jobs: BackgroundJobsService,
  ) {
    jobs.every('clock watch', INTERVAL_MS, () => this.look());
  }

  private look(): void {
    const seconds = Math.round(this.clock.skew / 1000);
    if (Math.abs(seconds - this.reported) < NOTABLE_SECONDS) return;
    this.reported = seconds;
    if (Math.abs(seconds) >= NOTABLE_SECONDS) this.logger.error(describe(seconds));
    else this.logger.log('Clock of this node agrees with the database again');
  }
}

function describe(seconds: number): string {
  const direction = seconds > 0 ? 'ahead of' : 'behind';
  return `Clock of this node is ${Math.abs(seconds)} s ${direction} the database clock, which decides: check NTP`;
}
