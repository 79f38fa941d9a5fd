import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import { RedactingLogger } from '../common/redacting-logger';
import { MetricsService } from '../observability/metrics.service';

/** How long one line is enough. */
const SILENT_MS = 10 * 60_000;

/** Reports that codes are guessed at many numbers, by callers who neither asked for them nor show a device. */
@Injectable()
export class GuessAlarmService {
  private readonly logger = new RedactingLogger(GuessAlarmService.name);
  private silentUntil = 0;

  constructor(
    private readonly clock: Clock,
    private readonly metrics: MetricsService,
  ) {}

  raise(): void {
    this.metrics.guessSuspected();
    const now = this.clock.elapsed();
    if (now < this.silentUntil) return;
    this.silentUntil = now + SILENT_MS;
    this.logger.error(
      'Codes guessed at many numbers: callers without handle or device solve a captcha',
    );
  }
}
