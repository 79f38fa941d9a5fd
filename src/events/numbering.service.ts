import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { inBatches } from '../storage/batches';
import { atomically, nameIn, rowsOf, select } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { type Integer, raw, type Sql, sql } from '../storage/sql';
import { isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { LeasedJobsService } from './leased-jobs.service';
import { LeasesService } from './leases.service';

/** The lease, and with it the last position that was given. */
export const NUMBERING = 'event numbering';
const INTERVAL_MS = 100;

/**
 * Gives events their place in one order without gaps. Ids cannot be that order: those of several nodes, and of transactions
 * that take their time, are committed out of it, and a reader that had passed them would never see them. So one node numbers
 * what is committed.
 */
@Injectable()
export class NumberingService {
  private readonly outbox: Sql;
  private readonly leaseTable: Sql;

  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    jobs: LeasedJobsService,
    private readonly leases: LeasesService,
  ) {
    this.outbox = nameIn(dataSource, 'outbox');
    this.leaseTable = nameIn(dataSource, 'leases');
    jobs.every(NUMBERING, INTERVAL_MS, () => this.numberAll());
  }

  numberAll(): Promise<void> {
    let from = '0';
    return inBatches(
      async (take) => {
        // Before the ids: where an earlier call that was given up numbers them yet, it moves this, too.
        from = await this.leases.positionOf(NUMBERING);
        return this.findUnnumbered(take);
      },
      (ids) => retrying(() => this.number(ids, from), isDeadlock),
    );
  }

  /** Lowest first, so that an event comes after those that its node wrote before. */
  private async findUnnumbered(take: number): Promise<string[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<{ id: Integer }>(
        sql`SELECT id FROM ${this.outbox} WHERE position IS NULL LIMIT ${take}`,
      ),
    );
    const ids = rows.map(({ id }) => BigInt(id));
    return ids.toSorted((a, b) => (a < b ? -1 : 1)).map(String);
  }

  /** All of them, or none when this node has lost the lease, or an earlier call that was given up has numbered them. */
  private async number(ids: string[], from: string): Promise<void> {
    const to = String(BigInt(from) + BigInt(ids.length));
    // Digits, as `findUnnumbered` makes them: to bind them would take as long as all the rest.
    const places = ids.map((id, index) => `WHEN ${id} THEN ${BigInt(from) + BigInt(index + 1)}`);
    // Not `IS NULL`: by its index MySQL would wait for events of logins that are not committed yet.
    await atomically(this.dataSource, {
      moved: this.leases.fence(NUMBERING, from, to),
      numbered: sql`UPDATE ${this.outbox} SET position = CASE id ${raw(places.join(' '))} END
        WHERE id IN (${raw(ids.join(', '))}) AND COALESCE(position, 0) = 0 AND EXISTS (SELECT 1 FROM ${this.leaseTable} l
          WHERE l.name = ${NUMBERING} AND l.holder = ${this.leases.holder} AND l.position = ${to})`,
    });
  }
}
