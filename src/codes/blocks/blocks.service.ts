import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { atomically, change, nameIn, rowsOf, select } from '../../storage/queries';
import { insertion, type Integer, type Sql, sql } from '../../storage/sql';
import { readClock, sqlNow } from '../../storage/sql-clock';
import { TANDEM } from '../../storage/tandem';

export interface BlockUntil {
  readonly target: string;
  readonly expiresAt: Date;
}

/** Blocks on record, by the clock of the database. Targets are what `blockTarget` returns. */
@Injectable()
export class BlocksService {
  private readonly table: Sql;

  constructor(@InjectDataSource(TANDEM) private readonly dataSource: DataSource) {
    this.table = nameIn(dataSource, 'blocks');
  }

  /** Those that have not ended, in the order of their ends. */
  async list(): Promise<BlockUntil[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<{ target: string; expires_at: Integer }>(sql`SELECT target, expires_at
        FROM ${this.table} WHERE expires_at > ${sqlNow(this.dataSource)} ORDER BY expires_at`),
    );
    return rows.map((row) => ({ target: row.target, expiresAt: new Date(Number(row.expires_at)) }));
  }

  /** In place of an earlier one. Those that have ended go. */
  async add(target: string, seconds: number): Promise<BlockUntil> {
    const now = await readClock(this.dataSource);
    const row = { target, created_at: now, expires_at: now + seconds * 1000 };
    await atomically(this.dataSource, {
      ended: sql`DELETE FROM ${this.table} WHERE expires_at <= ${now}`,
      earlier: sql`DELETE FROM ${this.table} WHERE target = ${target}`,
      block: insertion(this.table, row),
    });
    return { target, expiresAt: new Date(row.expires_at) };
  }

  /** @returns whether there was one. */
  async remove(target: string): Promise<boolean> {
    return (
      (await change(this.dataSource, sql`DELETE FROM ${this.table} WHERE target = ${target}`)) > 0
    );
  }
}
