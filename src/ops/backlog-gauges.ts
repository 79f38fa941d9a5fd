import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { MetricsService } from '../observability/metrics.service';
import { BacklogsService } from '../webhooks/backlogs.service';

const INTERVAL_MS = 10_000;

/** Backlogs as metrics: read none at a scrape, as whoever may scrape must not be able to make the database work. */
@Injectable()
export class BacklogGauges {
  private readonly outbox: Gauge;
  private readonly audit: Gauge;
  private readonly webhookSeconds: Gauge;
  private readonly webhookEvents: Gauge;

  constructor(
    private readonly backlogs: BacklogsService,
    jobs: BackgroundJobsService,
    { registry }: MetricsService,
  ) {
    // Of all workers of a node: each sees the same.
    const gauge = (name: string, help: string) =>
      new Gauge({ name: `tandem_${name}`, help, aggregator: 'max', registers: [registry] });
    this.outbox = gauge('outbox_oldest_seconds', 'Age of the oldest event without its place.');
    this.audit = gauge('audit_unsealed_seconds', 'Age of the oldest row of the audit unsealed.');
    this.webhookSeconds = gauge(
      'webhook_backlog_seconds',
      'How long the oldest event waits that an endpoint should have been told of.',
    );
    this.webhookEvents = gauge(
      'webhook_backlog_events',
      'Events that the endpoint which is furthest behind was not told of yet, but for those to be tried again.',
    );
    jobs.every('reading of backlogs', INTERVAL_MS, () => this.read(), { runsAtStart: true });
  }

  async read(): Promise<void> {
    const { outboxSeconds, auditSeconds, webhookSeconds, webhookEvents } =
      await this.backlogs.read();
    this.outbox.set(outboxSeconds);
    this.audit.set(auditSeconds);
    this.webhookSeconds.set(webhookSeconds);
    this.webhookEvents.set(webhookEvents);
  }
}
