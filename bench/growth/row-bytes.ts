import type { Pool } from 'mysql2/promise';
import type { Size } from './population';

/** What one row takes on disk, with its part of every index, in bytes by table. */
export async function rowBytes(
  sql: Pool,
  { users, sessions }: Size,
): Promise<Record<string, number>> {
  const [tables] = await sql.query(
    `SELECT table_name AS name, data_length + index_length AS bytes
     FROM information_schema.tables WHERE table_schema = DATABASE()`,
  );
  const sizes = new Map(
    (tables as { name: string; bytes: number }[]).map((t) => [t.name, t.bytes]),
  );
  const counts = { users, user_profiles: users, sessions };
  return Object.fromEntries(
    Object.entries(counts).map(([name, rows]) => [
      name,
      Math.round(Number(sizes.get(name)) / rows),
    ]),
  );
}
