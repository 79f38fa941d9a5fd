import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, LessThan, Repository } from 'typeorm';
import type { By } from '../audit/change';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { isId, Snowflake } from '../common/snowflake';
import type { EventType } from '../events/event-types';
import { nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, join, NOTHING, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import type { CallOutcome } from './calls/webhook-calls.service';
import { WebhookCallsService } from './calls/webhook-calls.service';
import { Receiver } from './receiver';
import { WebhookAttempt } from './webhook-attempt.entity';
import { WebhookEndpointsService } from './webhook-endpoints.service';
import { WebhookQueueService } from './webhook-queue.service';
import { WebhookSecretsService } from './webhook-secrets.service';

/** Of a time: the answer says from when to go on. */
const MAX_REPLAYED = 10_000;
const EMPTY_TIME = 'since must be before until, which is now unless given';
const EVENT_ID = /^evt_(\d{1,19})$/;

/** One event, or those of a time, which ends now unless it says when. */
export type Replayed = { readonly event: string } | Time;

interface Time {
  readonly since: Date;
  readonly until?: Date;
}

interface Event {
  readonly eventId: string;
  readonly type: EventType;
}

export interface Replay {
  /** Of how many the endpoint will be told. */
  readonly events: number;
  /** From when to replay those that were too many; null when all will be told. */
  readonly next: Date | null;
}

/** What operators ask of the deliveries to an endpoint. */
@Injectable()
export class WebhookReplaysService {
  private readonly outbox: Sql;

  constructor(
    @InjectRepository(WebhookAttempt, TANDEM)
    private readonly attempts: Repository<WebhookAttempt>,
    private readonly calls: WebhookCallsService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly endpoints: WebhookEndpointsService,
    private readonly queue: WebhookQueueService,
    private readonly secrets: WebhookSecretsService,
  ) {
    this.outbox = nameIn(dataSource, 'outbox');
  }

  /** The newest first. @param before the id of the last one that is known. @throws ApiException `NOT_FOUND`. */
  async attemptsOf(endpointId: string, limit: number, before?: string): Promise<WebhookAttempt[]> {
    await this.endpoints.get(endpointId);
    const where = { endpointId, ...(before && { id: LessThan(before) }) };
    return this.attempts.find({ where, order: { id: 'DESC' }, take: limit });
  }

  /**
   * Tells an endpoint once more, under the same ids.
   *
   * @param what of a time only the events that it wants are told, the oldest 10,000 at most.
   * @throws ApiException `NOT_FOUND` for an endpoint or an event that there is not, `VALIDATION_FAILED` for a time that ends before it begins.
   */
  async replay(endpointId: string, what: Replayed, by: By): Promise<Replay> {
    const receiver = new Receiver(await this.endpoints.get(endpointId));
    const found = 'event' in what ? await this.one(what.event) : await this.between(what, receiver);
    const told = found.slice(0, MAX_REPLAYED);
    const rest = found[MAX_REPLAYED];
    const events = await this.queue.replay(endpointId, told, this.clock.now());
    await this.endpoints.note('webhook.replayed', endpointId, by, { events });
    return { events, next: rest ? new Date(Snowflake.momentOf(rest.eventId)) : null };
  }

  /** Sends an event that nothing has caused, at once. @throws ApiException `NOT_FOUND`. */
  async test(endpointId: string, by: By): Promise<CallOutcome> {
    const endpoint = await this.endpoints.get(endpointId);
    await this.endpoints.note('webhook.tested', endpointId, by);
    const now = this.clock.now();
    const event = {
      id: `evt_test_${randomUUID()}`,
      type: 'webhook.test',
      timestamp: new Date(now).toISOString(),
      data: { endpoint_id: endpointId },
    };
    const keys = this.secrets.keysOf(endpoint, now);
    return this.calls.post({ url: endpoint.url, id: event.id, body: JSON.stringify(event), keys });
  }

  private async one(event: string): Promise<Event[]> {
    const [, id = ''] = EVENT_ID.exec(event) ?? [];
    const rows = isId(id)
      ? await select(
          this.dataSource,
          rowsOf<{ type: EventType }>(sql`SELECT type FROM ${this.outbox} WHERE id = ${id}`),
        )
      : [];
    if (rows.length === 0) throw new ApiException('NOT_FOUND');
    return rows.map(({ type }) => ({ eventId: id, type }));
  }

  /** Ids tell when events were written. @returns one more than may be told, where there are as many. */
  private async between(
    { since, until = new Date(this.clock.now()) }: Time,
    { wanted }: Receiver,
  ): Promise<Event[]> {
    if (since >= until) throw new ApiException('VALIDATION_FAILED', { message: [EMPTY_TIME] });
    const [from, to] = [since, until].map((time) => Snowflake.firstOf(time.getTime()));
    const ofTypes = wanted ? sql`AND type IN (${join(wanted)})` : NOTHING;
    const rows = await select(
      this.dataSource,
      rowsOf<{ id: Integer; type: EventType }>(sql`SELECT id, type FROM ${this.outbox}
        WHERE id >= ${from!} AND id < ${to!} ${ofTypes} ORDER BY id LIMIT ${MAX_REPLAYED + 1}`),
    );
    return rows.map(({ id, type }) => ({ eventId: String(id), type }));
  }
}
