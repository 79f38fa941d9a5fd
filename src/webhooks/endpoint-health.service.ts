import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { SYSTEM } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { Clock } from '../common/clock';
import { RedactingLogger } from '../common/redacting-logger';
import { atomically, change, nameIn } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { type Sql, sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import type { Receiver } from './receiver';
import { WebhookMetricsService } from './webhook-metrics.service';
import type { Made } from './webhook-queue.service';

const DAY_MS = 86_400_000;
/** So long every attempt may fail. */
const PATIENCE_MS = 5 * DAY_MS;

/** Remembers since when an endpoint fails, and switches off the one that wants no more, or fails for five days. */
@Injectable()
export class EndpointHealthService {
  private readonly logger = new RedactingLogger(EndpointHealthService.name);
  private readonly endpoints: Sql;

  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly metrics: WebhookMetricsService,
  ) {
    this.endpoints = nameIn(dataSource, 'webhook_endpoints');
  }

  async note(receiver: Receiver, made: readonly Made[]): Promise<void> {
    const known = made.filter(({ failure }) => failure !== 'expired');
    if (known.some(({ failure }) => failure === 'gone')) return this.disable(receiver, 'gone');
    if (known.some(({ failure }) => !failure)) return this.setFailing(receiver, null);
    if (known.length === 0) return;
    const since = receiver.failingSince ?? known[0]!.at;
    if (this.clock.now() - since > PATIENCE_MS) return this.disable(receiver, 'failing');
    await this.setFailing(receiver, since);
  }

  private async setFailing(receiver: Receiver, since: number | null): Promise<void> {
    if (receiver.failingSince === since) return;
    await change(
      this.dataSource,
      sql`UPDATE ${this.endpoints} SET failing_since = ${since} WHERE id = ${receiver.id}`,
    );
    receiver.failingSince = since;
  }

  private async disable(receiver: Receiver, reason: 'gone' | 'failing'): Promise<void> {
    const [at, { id }] = [this.clock.now(), receiver];
    receiver.isDisabled = true;
    const when = sql`FROM ${this.endpoints} WHERE id = ${id} AND disabled_at = ${at}`;
    const detail = { endpoint_id: id };
    const action = 'webhook.disabled';
    const done = await retrying(
      () =>
        atomically(this.dataSource, {
          disabled: sql`UPDATE ${this.endpoints} SET disabled_at = ${at}, disabled_reason = ${reason}
            WHERE id = ${id} AND disabled_at IS NULL`,
          ...this.changes.tell({ action, actor: SYSTEM, reason, detail, when }),
        }),
      isCollision,
    );
    if (done.disabled === 0) return;
    this.metrics.endpointDisabled(reason);
    this.logger.warn(`Webhook endpoint disabled: ${id}, ${reason}`);
  }
}
