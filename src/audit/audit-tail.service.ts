import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type FindOptionsWhere, MoreThan, Repository } from 'typeorm';
import { TANDEM } from '../storage/tandem';
import type { Action } from './actions';
import { AuditEvent } from './audit-event.entity';

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
}
