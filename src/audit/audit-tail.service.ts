import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type FindOptionsWhere, MoreThan, Repository } from 'typeorm';
import { Snowflake } from '../common/snowflake';
import { TANDEM } from '../storage/tandem';
import type { Action } from './actions';
import { AuditEvent } from './audit-event.entity';

/** Rows that one turn shows at most. */
const MOST = 5000;
/** So late a row may be committed behind others, or the clock of its node be. */
const LATE_MS = 10_000;

export interface TailFilter {
  /** Whom it is about. */
  readonly userId?: string;
  readonly action?: Action;
}

/** Reads the end of the audit. */
@Injectable()
export class AuditTailService {
  constructor(
    @InjectRepository(AuditEvent, TANDEM) private readonly events: Repository<AuditEvent>,
  ) {}

  /** The newest, oldest first. @param after the id of a row: only those behind it. */
  async read(filter: TailFilter, count: number, after?: string): Promise<AuditEvent[]> {
    const { userId, action } = filter;
    const where: FindOptionsWhere<AuditEvent> = {
      ...(userId !== undefined && { userId }),
      ...(action !== undefined && { action }),
      ...(after !== undefined && { id: MoreThan(after) }),
    };
    const newest = await this.events.find({ where, order: { id: 'DESC' }, take: count });
    return newest.toReversed();
  }

  /**
   * The newest, then at each turn what was committed since the one before: ids of several nodes, whose clocks differ, are
   * committed out of their order.
   */
  async *follow(filter: TailFilter, count: number): AsyncGenerator<AuditEvent[]> {
    let known = await this.read(filter, Math.max(count, MOST));
    yield known.slice(-count);
    for (;;) {
      const ids = new Set(known.map(({ id }) => id));
      const recent = await this.read(
        filter,
        MOST,
        Snowflake.before(known.at(-1)?.id ?? '0', LATE_MS),
      );
      yield recent.filter(({ id }) => !ids.has(id));
      if (recent.length > 0) known = recent;
    }
  }
}
