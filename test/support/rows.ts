import type { TestApp } from './test-app';

/** How many rows each table holds. */
export async function countRows({ sql }: TestApp): Promise<Record<string, number>> {
  const counts = sql.entityMetadatas.map(
    async ({ target, tableName }) => [tableName, await sql.getRepository(target).count()] as const,
  );
  return Object.fromEntries(await Promise.all(counts));
}
