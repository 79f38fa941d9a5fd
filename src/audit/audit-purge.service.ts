import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, LessThan, LessThanOrEqual } from 'typeorm';
import { Clock } from '../common/clock';
import { Env } from '../config/env';
import { KeyRing } from '../config/key-ring';
import { LeasedJobsService } from '../events/leased-jobs.service';
import { deleteInBatches } from '../storage/batches';
import { change, nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { AuditEvent } from './audit-event.entity';
import { AuditSeal } from './audit-seal.entity';
import { SealKey } from './seals';

const INTERVAL_MS = 3_600_000;

interface Boundary {
  id: Integer;
  digest: string;
  key_id: string;
  purged_at: Integer | null;
}

/**
 * Purges whole days of the audit. The last seal of what is gone stays, signed as such, so that what follows can be verified, and a
 * day that somebody else deletes is missed.
 */
@Injectable()
export class AuditPurgeService {
  private readonly seals: Sql;
  private readonly key: SealKey;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    jobs: LeasedJobsService,
    ring: KeyRing,
  ) {
    this.seals = nameIn(dataSource, 'audit_seals');
    this.key = new SealKey(ring);
    jobs.every('purge of the audit', INTERVAL_MS, () => this.purge());
  }

  async purge(): Promise<void> {
    const boundary = await this.findBoundary();
    if (!boundary) return;
    if (boundary.purged_at === null || boundary.key_id !== this.key.id) await this.mark(boundary);
    const [last, { manager }] = [String(boundary.id), this.dataSource];
    const events = manager.getRepository(AuditEvent);
    await deleteInBatches(events, { seal: LessThanOrEqual(last) });
    await deleteInBatches(manager.getRepository(AuditSeal), { id: LessThan(last) });
  }

  /** The last seal of the days that are no longer kept. */
  private async findBoundary(): Promise<Boundary | undefined> {
    const kept = new Date(this.clock.now() - this.env.AUDIT_RETENTION * 1000);
    const day = kept.toISOString().slice(0, 10);
    const [row] = await select(
      this.dataSource,
      rowsOf<Boundary>(sql`SELECT id, digest, key_id, purged_at FROM ${this.seals}
        WHERE id = (SELECT MAX(id) FROM ${this.seals} WHERE day < ${day})`),
    );
    return row;
  }

  /** Before anything goes: until then all of it can be verified, and from then on none of it need be. */
  private async mark({ id, digest }: Boundary): Promise<void> {
    await change(
      this.dataSource,
      sql`UPDATE ${this.seals} SET purged_at = ${this.clock.now()}, key_id = ${this.key.id},
          mac = ${this.key.macOf(digest, true)} WHERE id = ${String(id)}`,
    );
  }
}
