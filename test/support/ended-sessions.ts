import type { DataSource } from 'typeorm';
import { Session } from '../../src/sessions/session.entity';

/** Above 2^53, where neighbours are one number to whoever reads them as floating point. */
let lastId = 9_007_199_254_740_993n;

/** Inserts sessions that ended at these times, as another node would leave them. @returns their ids. */
export async function insertEnded(sql: DataSource, times: number[]): Promise<string[]> {
  const rows = times.map((endedAt) => ({
    id: String(++lastId),
    userId: '1',
    generation: 0,
    network: '192.0.2.0/24',
    createdAt: new Date(0),
    lastUsedAt: new Date(0),
    expiresAt: new Date(endedAt),
    endedAt: new Date(endedAt),
    endReason: 'logout' as const,
  }));
  for (let from = 0; from < rows.length; from += 500) {
    await sql.getRepository(Session).insert(rows.slice(from, from + 500));
  }
  return rows.map(({ id }) => id);
}
