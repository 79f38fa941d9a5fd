import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { MetricsService } from '../observability/metrics.service';
import type { CallFailure } from './calls/call-failure';

/** How webhooks fare. Endpoints are no label: there may be many, and their names tell who is a customer. */
@Injectable()
export class WebhookMetricsService {
  private readonly attempts: Counter<'outcome'>;
  private readonly givenUp: Counter;
  private readonly disabled: Counter<'reason'>;
  private readonly delay: Histogram;
  private readonly failing: Gauge;

  constructor({ registry }: MetricsService) {
    const registers = [registry];
    this.attempts = new Counter({
      name: 'tandem_webhook_attempts_total',
      help: 'Attempts to tell an endpoint of an event.',
      labelNames: ['outcome'],
      registers,
    });
    this.givenUp = new Counter({
      name: 'tandem_webhook_events_given_up_total',
      help: 'Events of which an endpoint was told in none of ten attempts.',
      registers,
    });
    this.disabled = new Counter({
      name: 'tandem_webhooks_disabled_total',
      help: 'Endpoints that were switched off because they failed for days, or wanted no more.',
      labelNames: ['reason'],
      registers,
    });
    this.delay = new Histogram({
      name: 'tandem_webhook_first_attempt_seconds',
      help: 'Time from when an event was written until the end of its first attempt.',
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
      registers,
    });
    this.failing = new Gauge({
      name: 'tandem_webhook_endpoints_failing',
      help: 'Endpoints of which every attempt fails, as the node that delivers sees it.',
      // Of all workers of a node: one delivers.
      aggregator: 'max',
      registers,
    });
  }

  attempted(failure: CallFailure | undefined): void {
    this.attempts.inc({ outcome: failure ?? 'delivered' });
  }

  firstAttempt(seconds: number): void {
    this.delay.observe(Math.max(0, seconds));
  }

  gaveUp(): void {
    this.givenUp.inc();
  }

  endpointDisabled(reason: 'gone' | 'failing'): void {
    this.disabled.inc({ reason });
  }

  endpointsFailing(count: number): void {
    this.failing.set(count);
  }
}
