import type { EntityManager, QueryRunner } from 'typeorm';

/** As it is stored: ids as decimal strings, times in epoch milliseconds. */
export type Value = string | number | null;

/*
 * Statements of the paths that are taken most, as SQL that MySQL and SQLite read alike: TypeORM's builders spend
 * several times as long on one as the database does.
 */

export function select<Row>(
  manager: EntityManager,
  sql: string,
  values: readonly Value[],
): Promise<Row[]> {
  return manager.query(sql, [...values]);
}

/** @returns how many rows it changed. */
export async function change(
  manager: EntityManager,
  sql: string,
  values: readonly Value[],
): Promise<number> {
  return onRunner(manager, async (runner) => {
    const { affected } = await runner.query(sql, [...values], true);
    return affected ?? 0;
  });
}

/** @param row values by column; columns that it leaves out become null. */
export async function insert(
  manager: EntityManager,
  table: string,
  row: Readonly<Record<string, Value>>,
): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map(() => '?');
  await manager.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row),
  );
}

async function onRunner<T>(
  { queryRunner, dataSource }: EntityManager,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  if (queryRunner) return work(queryRunner);
  const runner = dataSource.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}
