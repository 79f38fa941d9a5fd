import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { change, insertionUnlessThere, nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, type Sql, sql } from '../storage/sql';
import { sqlNow } from '../storage/sql-clock';
import { TANDEM } from '../storage/tandem';

/** How long a lease outlives its last renewal: a holder that dies is succeeded by then, and one poll of another node later. */
export const LEASE_MS = 3000;

interface LeaseRow {
  holder: string;
  is_free: Integer;
}

/**
 * Work that one node does at a time, by the clock of the database. A holder that is halted for seconds may wake up when it
 * is none any more: what must not be done twice is done in a transaction with {@link fence}.
 */
@Injectable()
export class LeasesService {
  /** Of this process. */
  readonly holder = randomUUID();
  /** What renews those of {@link during}. */
  private readonly renewals = new Map<string, NodeJS.Timeout>();
  private readonly table: Sql;

  constructor(@InjectDataSource(TANDEM) private readonly dataSource: DataSource) {
    this.table = nameIn(dataSource, 'leases');
  }

  /** Makes a lease that nobody has, unless there is one. @param behind the lease whose position it begins with, instead of 0. */
  async open(name: string, behind?: string): Promise<void> {
    const position = behind === undefined ? '0' : await this.positionOf(behind);
    const row = { name, holder: this.holder, expires_at: 0, position };
    await change(this.dataSource, insertionUnlessThere(this.dataSource, this.table, row));
  }

  /** Takes or renews a lease. @returns whether this process has it for the next {@link LEASE_MS}. */
  async claim(name: string): Promise<boolean> {
    const now = sqlNow(this.dataSource);
    const [row] = await select(
      this.dataSource,
      rowsOf<LeaseRow>(sql`SELECT holder, CASE WHEN expires_at <= ${now} THEN 1 ELSE 0 END AS is_free
        FROM ${this.table} WHERE name = ${name}`),
    );
    if (!row) {
      await this.open(name);
      return this.claim(name);
    }
    if (row.holder !== this.holder && Number(row.is_free) === 0) return false;
    const claimed = await change(
      this.dataSource,
      sql`UPDATE ${this.table} SET holder = ${this.holder}, expires_at = ${now} + ${LEASE_MS}
        WHERE name = ${name} AND (holder = ${this.holder} OR expires_at <= ${now})`,
    );
    return claimed === 1;
  }

  /** Renews a lease while `work` goes on: another node would take over what takes longer than it lasts. */
  async during<T>(name: string, work: () => Promise<T> | T): Promise<T> {
    const renew = () => void this.claim(name).catch(() => undefined);
    this.renewals.set(name, setInterval(renew, LEASE_MS / 3).unref());
    try {
      return await work();
    } finally {
      clearInterval(this.renewals.get(name));
    }
  }

  /**
   * Moves the position of a lease on, in the transaction of what was done up to there: changes one row while this process
   * has the lease and nobody has moved it, and none otherwise.
   */
  fence(name: string, from: string, to: string): Sql {
    return sql`UPDATE ${this.table} SET position = ${to}
      WHERE name = ${name} AND holder = ${this.holder} AND position = ${from}`;
  }

  async positionOf(name: string): Promise<string> {
    const [row] = await select(
      this.dataSource,
      rowsOf<{ position: Integer }>(sql`SELECT position FROM ${this.table} WHERE name = ${name}`),
    );
    return String(row?.position ?? 0);
  }

  /** Lets others have it at once. */
  async release(name: string): Promise<void> {
    clearInterval(this.renewals.get(name));
    await change(
      this.dataSource,
      sql`UPDATE ${this.table} SET expires_at = 0 WHERE name = ${name} AND holder = ${this.holder}`,
    );
  }
}
