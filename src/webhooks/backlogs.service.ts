import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import { nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';

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

/** Seconds that the oldest of each waits. */
export interface Backlogs {
  /** Events without their place. */
  readonly outboxSeconds: number;
  /** Rows of the audit without a seal. */
  readonly auditSeconds: number;
  /** Events that an endpoint should have been told of. */
  readonly webhookSeconds: number;
  /** Events that the endpoint which is furthest behind was not told of yet. */
  readonly webhookEvents: number;
}

/** How far what is done in the background for all nodes is behind: any node may ask, also one that does none of it. */
@Injectable()
export class BacklogsService {
  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
  ) {}

  async read(): Promise<Backlogs> {
    const { outbox, audit } = this.names();
    const unplaced = sql`SELECT at FROM ${outbox} WHERE position IS NULL ORDER BY id LIMIT 1`;
    const unsealed = sql`SELECT at FROM ${audit} WHERE seal IS NULL ORDER BY id LIMIT 1`;
    const [outboxSeconds, auditSeconds] = [await this.ageOf(unplaced), await this.ageOf(unsealed)];
    const endpoints = await this.endpoints();
    const waiting = endpoints.flatMap(({ next_at, due_at }) => [next_at, due_at]);
    return {
      outboxSeconds,
      auditSeconds,
      webhookSeconds: Math.max(0, ...waiting.map((at) => this.secondsSince(at))),
      webhookEvents: Math.max(0, ...endpoints.map(({ behind }) => Number(behind))),
    };
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
