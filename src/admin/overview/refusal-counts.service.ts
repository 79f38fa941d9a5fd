import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, MoreThanOrEqual, Repository } from 'typeorm';
import { AuditEvent } from '../../audit/audit-event.entity';
import { Snowflake } from '../../common/snowflake';
import { TANDEM } from '../../storage/tandem';
import type { AttackDto, RefusalsDto } from '../dto/overview.dto';
import type { Span } from './span';

const REFUSALS = ['code.refused', 'login.refused', 'credential.refused'] as const;
/** Rows that are read of each. A flood has more: they are told of in rows with a count. */
const MOST = 700;
const RECENT_MS = 15 * 60_000;
/** What one network is refused before it is told of. */
const MANY = 30;
const MOST_NETWORKS = 10;

/** Who is refused, and why: from the newest rows of the audit. */
@Injectable()
export class RefusalCountsService {
  constructor(
    @InjectRepository(AuditEvent, TANDEM) private readonly events: Repository<AuditEvent>,
  ) {}

  async byReason({ starts: [first] }: Span): Promise<RefusalsDto[]> {
    const counts = new Map<string, RefusalsDto>();
    for (const event of await this.since(first!)) {
      const { action } = event;
      const reason = event.reason ?? textIn(event.detail, 'error_code') ?? 'unknown';
      const known = counts.get(`${action} ${reason}`)?.count ?? 0;
      counts.set(`${action} ${reason}`, { action, reason, count: known + countIn(event) });
    }
    return [...counts.values()].toSorted((one, other) => other.count - one.count);
  }

  async networks(now: number): Promise<AttackDto[]> {
    const counts = new Map<string, number>();
    for (const event of await this.since(now - RECENT_MS)) {
      const network = textIn(event.personal, 'network');
      if (network) counts.set(network, (counts.get(network) ?? 0) + countIn(event));
    }
    return [...counts]
      .filter(([, refusals]) => refusals >= MANY)
      .map(([network, refusals]) => ({ network, refusals }))
      .toSorted((one, other) => other.refusals - one.refusals)
      .slice(0, MOST_NETWORKS);
  }

  /** Each action by itself: the index has them one after the other. */
  private async since(moment: number): Promise<AuditEvent[]> {
    const id = MoreThanOrEqual(Snowflake.firstOf(moment));
    const found = await Promise.all(
      REFUSALS.map((action) =>
        this.events.find({
          where: { action: In([action]), id },
          order: { id: 'DESC' },
          take: MOST,
        }),
      ),
    );
    return found.flat();
  }
}

function textIn(json: string | null, field: string): string | undefined {
  const value = fieldIn(json, field);
  return typeof value === 'string' ? value : undefined;
}

/** Some rows stand for many refusals. */
function countIn({ detail }: AuditEvent): number {
  const count = fieldIn(detail, 'count');
  return typeof count === 'number' ? count : 1;
}

const fieldIn = (json: string | null, field: string): unknown =>
  (JSON.parse(json ?? '{}') as Record<string, unknown>)[field];
