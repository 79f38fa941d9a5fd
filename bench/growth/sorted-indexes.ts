import type { Pool } from 'mysql2/promise';

interface Index {
  readonly name: string;
  readonly columns: string;
  readonly isUnique: boolean;
}

/** Fills a table, and makes its indexes behind the rows: by sorting, which takes a fraction of the time. */
export async function fillSorted(
  sql: Pool,
  table: string,
  fill: () => Promise<void>,
): Promise<void> {
  const indexes = await indexesOf(sql, table);
  if (indexes.length > 0)
    await alter(
      sql,
      table,
      indexes.map(({ name }) => `DROP INDEX ${name}`),
    );
  await fill();
  const adds = indexes.map(
    ({ name, columns, isUnique }) => `ADD ${isUnique ? 'UNIQUE ' : ''}INDEX ${name} (${columns})`,
  );
  if (adds.length > 0) await alter(sql, table, adds);
  await sql.query(`ANALYZE TABLE ${table}`);
}

const alter = (sql: Pool, table: string, changes: string[]) =>
  sql.query(`ALTER TABLE ${table} ${changes.join(', ')}`);

/** All but the primary key. */
async function indexesOf(sql: Pool, table: string): Promise<Index[]> {
  const [rows] = await sql.query(
    `SELECT index_name AS name, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns,
      MIN(non_unique) AS others FROM information_schema.statistics
      WHERE table_schema = DATABASE() AND table_name = ? AND index_name <> 'PRIMARY'
      GROUP BY index_name`,
    [table],
  );
  return (rows as { name: string; columns: string; others: number }[]).map(
    ({ name, columns, others }) => ({ name, columns, isUnique: others === 0 }),
  );
}
