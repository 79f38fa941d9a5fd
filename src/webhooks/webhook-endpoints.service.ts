import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, LessThan, Repository } from 'typeorm';
import type { Action } from '../audit/actions';
import type { By, Detail } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { Snowflake } from '../common/snowflake';
import { Env } from '../config/env';
import { isOutgoingUrl } from '../config/outgoing-env-fields';
import { isEventType } from '../events/event-types';
import { deleteInBatches } from '../storage/batches';
import { atomically, nameIn } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { insertion, type Sql, sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { EVERY_EVENT } from './receiver';
import { WebhookAttempt } from './webhook-attempt.entity';
import { WebhookEndpoint } from './webhook-endpoint.entity';
import { WebhookQueueService } from './webhook-queue.service';
import { WebhookSecretsService } from './webhook-secrets.service';

/** Each has attempts of its own under way. */
const MAX_ENDPOINTS = 20;
const MAX_URL = 500;
const BLANK = /[\s\p{C}]/u;
/** How long the secret before a rotation signs, too. */
const OVERLAP_MS = 86_400_000;

export interface NewEndpoint {
  readonly url: string;
  /** Types, or `*`. */
  readonly events: readonly string[];
  readonly pii?: boolean;
}

/** An endpoint and its secret, which is shown now and never again. */
export interface ShownSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/** Who is told of events. Every change is audited. */
@Injectable()
export class WebhookEndpointsService {
  private readonly table: Sql;

  constructor(
    @InjectRepository(WebhookAttempt, TANDEM)
    private readonly attempts: Repository<WebhookAttempt>,
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    @InjectRepository(WebhookEndpoint, TANDEM)
    private readonly endpoints: Repository<WebhookEndpoint>,
    private readonly env: Env,
    private readonly ids: Snowflake,
    private readonly queue: WebhookQueueService,
    private readonly secrets: WebhookSecretsService,
  ) {
    this.table = nameIn(dataSource, 'webhook_endpoints');
  }

  list(): Promise<WebhookEndpoint[]> {
    return this.endpoints.find({ order: { id: 'ASC' } });
  }

  /** @throws ApiException `NOT_FOUND`. */
  async get(id: string): Promise<WebhookEndpoint> {
    const endpoint = await this.endpoints.findOneBy({ id });
    if (!endpoint) throw new ApiException('NOT_FOUND');
    return endpoint;
  }

  /**
   * It is told of what happens from now on.
   *
   * @throws ApiException `VALIDATION_FAILED`.
   */
  async add({ url, events, pii = false }: NewEndpoint, by: By): Promise<ShownSecret> {
    this.assertUsable(url, events);
    if ((await this.endpoints.count()) >= MAX_ENDPOINTS) {
      throw refused(`there are ${MAX_ENDPOINTS} endpoints already`);
    }
    const id = this.ids.next();
    const row = {
      id,
      url,
      events: [...new Set(events)].join(' '),
      pii: pii ? 1 : 0,
      secret_version: 1,
      position: await this.queue.newest(),
      created_at: this.clock.now(),
    };
    const detail = { host: new URL(url).host, events, pii };
    await this.change('webhook.created', id, by, insertion(this.table, row), detail);
    return this.shown(id);
  }

  /** @throws ApiException `NOT_FOUND`. */
  async remove(id: string, by: By): Promise<void> {
    await this.get(id);
    await this.change('webhook.removed', id, by, sql`DELETE FROM ${this.table} WHERE id = ${id}`);
    await deleteInBatches(this.attempts, { endpointId: id });
  }

  /**
   * Gives it a new secret; the one before signs for a day more.
   *
   * @throws ApiException `NOT_FOUND`.
   */
  async rotate(id: string, by: By): Promise<ShownSecret> {
    const { secretVersion } = await this.get(id);
    const overlap = this.clock.now() + OVERLAP_MS;
    const rotation = sql`UPDATE ${this.table}
      SET secret_version = ${secretVersion + 1}, overlap_until = ${overlap}
      WHERE id = ${id} AND secret_version = ${secretVersion}`;
    await this.change('webhook.rotated', id, by, rotation);
    return this.shown(id);
  }

  /**
   * Switches one on that was switched off: it is told of what has happened since.
   *
   * @throws ApiException `NOT_FOUND`.
   */
  async enable(id: string, by: By): Promise<WebhookEndpoint> {
    await this.get(id);
    const enabling = sql`UPDATE ${this.table}
      SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL WHERE id = ${id}`;
    await this.change('webhook.enabled', id, by, enabling);
    return this.get(id);
  }

  /** Tells the audit of what changes no table. */
  async note(action: Action, id: string, by: By, detail: Detail = {}): Promise<void> {
    await this.change(action, id, by, undefined, detail);
  }

  /** Forgets attempts that were due, or made, before a moment. */
  async purge(before: number): Promise<void> {
    await deleteInBatches(this.attempts, { id: LessThan(Snowflake.firstOf(before)) });
  }

  private assertUsable(url: string, events: readonly string[]): void {
    // Of a URL such characters are left out: it would be another one than lists show.
    const isUrl =
      url.length <= MAX_URL && !BLANK.test(url) && URL.canParse(url) && isOutgoingUrl(url);
    if (!isUrl) throw refused('url must be https:, without a user, password or fragment');
    const { protocol, hostname } = new URL(url);
    const isPlain = protocol === 'http:' && !this.env.PLAIN_HTTP_HOSTS.includes(hostname);
    if (isPlain && this.env.isProduction) throw refused('url must be https:');
    const areKnown = events.every((type) => type === EVERY_EVENT || isEventType(type));
    if (events.length === 0 || !areKnown) throw refused('events must be types of events, or *');
  }

  private async shown(id: string): Promise<ShownSecret> {
    const endpoint = await this.get(id);
    return { endpoint, secret: this.secrets.textOf(endpoint) };
  }

  private async change(
    action: Action,
    id: string,
    { actor, origin }: By,
    statement?: Sql,
    detail: Detail = {},
  ): Promise<void> {
    const told = { action, actor, origin, detail: { endpoint_id: id, ...detail } };
    await retrying(
      () => atomically(this.dataSource, { statement, ...this.changes.tell(told) }),
      isCollision,
    );
  }
}

const refused = (problem: string) => new ApiException('VALIDATION_FAILED', { message: [problem] });
