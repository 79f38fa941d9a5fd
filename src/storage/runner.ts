import type { DataSource, QueryRunner } from 'typeorm';
import type { Sql } from './sql';

/** The rows of a SELECT, of any other statement the number of changed rows. */
export type Outcome = Record<string, unknown>[] | number;

/** Lends `work` a connection of its own. */
export async function withRunner<T>(
  on: DataSource,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = on.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}

export async function execute(runner: QueryRunner, { text, values }: Sql): Promise<Outcome> {
  const { affected, raw } = await runner.query(text, [...values], true);
  return affected ?? (raw as Record<string, unknown>[]);
}
