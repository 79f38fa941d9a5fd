import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { MetricsService } from '../observability/metrics.service';
import { nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';

const INTERVAL_MS = 10_000;

/** What waits, in epoch milliseconds, if anything does. */
interface Oldest {
  readonly at: Integer | null;
}

interface EndpointRow {
  /** Events that it was not given yet. */
  readonly behind: Integer;
  readonly next_at: Integer | null;
  readonly due_at: Integer | null;
}

/**
 * How far what is done in the background for all nodes is behind. Every node reads it, also those that do none of it, and
 * none at a scrape: whoever may scrape must not be able to make the database work.
 */
@Injectable()
export class BacklogGauges {
  private readonly outbox: Gauge;
  private readonly audit: Gauge;
  private readonly webhookSeconds: Gauge;
  private readonly webhookEvents: Gauge;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
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
    const { outbox, audit } = this.names();
    const unplaced = sql`SELECT at FROM ${outbox} WHERE position IS NULL ORDER BY id LIMIT 1`;
    const unsealed = sql`SELECT at FROM ${audit} WHERE seal IS NULL ORDER BY id LIMIT 1`;
    this.outbox.set(await this.ageOf(unplaced));
    this.audit.set(await this.ageOf(unsealed));
    const endpoints = await this.endpoints();
    const waiting = endpoints.flatMap(({ next_at, due_at }) => [next_at, due_at]);
    this.webhookSeconds.set(Math.max(0, ...waiting.map((at) => this.secondsSince(at))));
    this.webhookEvents.set(Math.max(0, ...endpoints.map(({ behind }) => Number(behind))));
  }

  private async ageOf(statement: Sql): Promise<number> {
    const [oldest] = await select(this.dataSource, rowsOf<Oldest>(statement));
    return this.secondsSince(oldest?.at ?? null);
  }

  private secondsSince(at: Integer | null): number {
    return at === null ? 0 : Math.max(0, this.clock.now() - Number(at)) / 1000;
  }

  /** One look at an index for each value of each endpoint, of which there are twenty at most. */
  private endpoints(): Promise<EndpointRow[]> {
    const { outbox, endpoints, attempts } = this.names();
    return select(
      this.dataSource,
      rowsOf<EndpointRow>(sql`SELECT
        (SELECT MAX(position) FROM ${outbox}) - e.position AS behind,
        (SELECT o.at FROM ${outbox} o WHERE o.position = e.position + 1) AS next_at,
        (SELECT a.due_at FROM ${attempts} a WHERE a.endpoint_id = e.id AND a.due_at > 0
          ORDER BY a.due_at LIMIT 1) AS due_at
        FROM ${endpoints} e WHERE e.disabled_at IS NULL`),
    );
  }

  private names() {
    return {
      outbox: nameIn(this.dataSource, 'outbox'),
      audit: nameIn(this.dataSource, 'audit_events'),
      endpoints: nameIn(this.dataSource, 'webhook_endpoints'),
      attempts: nameIn(this.dataSource, 'webhook_attempts'),
    };
  }
}
