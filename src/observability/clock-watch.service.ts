import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Clock } from '../common/clock';
import { repeat } from '../common/repeat';

const INTERVAL_MILLISECONDS = 1000;
/** Seconds from which somebody should look at a clock, long before providers refuse what it signs. */
const NOTABLE = 60;

/** Says when this node's own clock and that of the database begin to differ, and when they agree again. */
@Injectable()
export class ClockWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ClockWatch.name);
  /** Seconds. */
  private reported = 0;
  private stopWatching?: () => void;

  constructor(private readonly clock: Clock) {}

  onApplicationBootstrap(): void {
    this.stopWatching = repeat(async () => this.look(), INTERVAL_MILLISECONDS);
  }

  onApplicationShutdown(): void {
    this.stopWatching?.();
  }

  private look(): void {
    const seconds = Math.round(this.clock.skew / 1000);
    if (Math.abs(seconds - this.reported) < NOTABLE) return;
    this.reported = seconds;
    if (Math.abs(seconds) >= NOTABLE) this.logger.error(describe(seconds));
    else this.logger.log('The clock of this node is right again');
  }
}

function describe(seconds: number): string {
  const direction = seconds > 0 ? 'ahead of' : 'behind';
  return `The clock of this node is ${Math.abs(seconds)} s ${direction} that of the database, which decides: set it`;
}
