import type { TestApp } from './test-app';

/** What jobs in the background keep for themselves. */
const KEPT_BY_JOBS = new Set(['action_hours', 'audit_seals', 'leases', 'message_hours', 'nodes']);

/** How many rows each table holds that requests write to. */
export async function countRows({ sql }: TestApp): Promise<Record<string, number>> {
  const tables = sql.entityMetadatas.filter(({ tableName }) => !KEPT_BY_JOBS.has(tableName));
  const counts = tables.map(
    async ({ target, tableName }) => [tableName, await sql.getRepository(target).count()] as const,
  );
  return Object.fromEntries(await Promise.all(counts));
}
