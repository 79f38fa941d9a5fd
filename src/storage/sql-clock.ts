import type { DataSource } from 'typeorm';

const NOW = {
  mysql: "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000",
  sqlite: "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
} as const;

/** The SQL expression of the database's clock in epoch milliseconds: one clock for all nodes. */
export function sqlNow({ options }: DataSource): string {
  return options.type === 'mysql' ? NOW.mysql : NOW.sqlite;
}

/** Reads the database's clock, in epoch milliseconds. */
export async function readClock(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query(`SELECT ${sqlNow(dataSource)} AS now`);
  return Number(row.now);
}
