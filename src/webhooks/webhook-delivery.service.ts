import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { Clock } from '../common/clock';
import { RedactingLogger } from '../common/redacting-logger';
import { EventComposerService } from '../events/event-composer.service';
import { LeasedJobsService } from '../events/leased-jobs.service';
import { TANDEM } from '../storage/tandem';
import { WebhookCallsService } from './calls/webhook-calls.service';
import { EndpointHealthService } from './endpoint-health.service';
import { EndpointWorker, type Tools } from './endpoint-worker';
import { Receiver } from './receiver';
import { WebhookEndpoint } from './webhook-endpoint.entity';
import { WebhookMetricsService } from './webhook-metrics.service';
import { WebhookQueueService } from './webhook-queue.service';
import { WebhookSecretsService } from './webhook-secrets.service';

const INTERVAL_MS = 50;
/** How soon the node that delivers knows of changes to endpoints. */
const FOLLOW_MS = 1000;
/** What is under way at a shutdown may take so long. */
const LAST_ANSWERS_MS = 3000;

/** Tells endpoints of events, on one node at a time. */
@Injectable()
export class WebhookDeliveryService implements BeforeApplicationShutdown {
  private readonly logger = new RedactingLogger(WebhookDeliveryService.name);
  private readonly workers = new Map<string, EndpointWorker>();
  private readonly runs = new Map<string, Promise<void>>();
  private readonly shutdown = new AbortController();
  private readonly tools: Tools;
  private followedAt = -Infinity;
  private isStopping = false;

  constructor(
    @InjectRepository(WebhookEndpoint, TANDEM)
    private readonly endpoints: Repository<WebhookEndpoint>,
    calls: WebhookCallsService,
    private readonly clock: Clock,
    composer: EventComposerService,
    health: EndpointHealthService,
    jobs: LeasedJobsService,
    private readonly metrics: WebhookMetricsService,
    queue: WebhookQueueService,
    secrets: WebhookSecretsService,
  ) {
    this.tools = { calls, clock, composer, health, metrics, queue, secrets };
    jobs.every('webhooks', INTERVAL_MS, () => this.run());
  }

  /** What is cut off stays due, for another node. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    const ended = Promise.allSettled([...this.workers.values()].map((worker) => worker.end()));
    const stop = new AbortController();
    const late = delay(LAST_ANSWERS_MS, undefined, { signal: stop.signal, ref: false });
    void late.then(() => this.shutdown.abort()).catch(() => undefined);
    await ended;
    stop.abort();
  }

  private async run(): Promise<void> {
    if (this.isStopping) return;
    if (this.clock.elapsed() - this.followedAt > FOLLOW_MS) await this.follow();
    if (this.workers.size === 0) return;
    const newest = await this.tools.queue.newest();
    // None waits for another.
    for (const worker of this.workers.values()) this.start(worker, newest);
  }

  private async follow(): Promise<void> {
    const rows = await this.endpoints.findBy({ disabledAt: IsNull() });
    this.followedAt = this.clock.elapsed();
    const enabled = new Set(rows.map(({ id }) => id));
    for (const [id, { receiver }] of this.workers) {
      // Also one that was switched on again since: it begins anew.
      if (!enabled.has(id) || receiver.isDisabled) this.workers.delete(id);
    }
    for (const row of rows) this.workerFor(row).receiver.follow(row);
    const receivers = [...this.workers.values()].map(({ receiver }) => receiver);
    this.metrics.endpointsFailing(
      receivers.filter(({ failingSince }) => failingSince !== null).length,
    );
  }

  private workerFor(row: WebhookEndpoint): EndpointWorker {
    const known = this.workers.get(row.id);
    if (known) return known;
    const worker = new EndpointWorker(new Receiver(row), this.tools, this.shutdown.signal);
    this.workers.set(row.id, worker);
    return worker;
  }

  private start(worker: EndpointWorker, newest: string): void {
    const { id } = worker.receiver;
    if (this.runs.has(id)) return;
    const run = worker
      .run(newest)
      .catch((error: unknown) => this.logger.error(error, 'Webhook delivery failed'))
      .finally(() => this.runs.delete(id));
    this.runs.set(id, run);
  }
}
