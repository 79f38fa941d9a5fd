import type { DataSource } from 'typeorm';
import { dialectOf } from './dialects/dialects';
import type { Sql } from './sql';

/** The expression of the database's clock in epoch milliseconds: one clock for all nodes. */
export function sqlNow(on: DataSource): Sql {
  return dialectOf(on).now;
}

/** Reads the database's clock, in epoch milliseconds. */
export async function readClock(on: DataSource): Promise<number> {
  const [row] = await on.query(`SELECT ${sqlNow(on).text} AS now`);
  return Number(row.now);
}
