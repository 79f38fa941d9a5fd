import type { Pool } from 'mysql2/promise';
import type { ServerProcess } from '../../test/support/server-process';
import type { Call } from './calls';

/** Calls of each kind before those that count. */
const WARM_UP = 40;

interface Plan {
  readonly calls: number;
  readonly users: number;
}

export interface Waits {
  readonly name: string;
  readonly most: number;
  readonly median: number;
  readonly p95: number;
  /** Rows that any statement read meanwhile without an index, a call. */
  readonly scanned?: number;
}

/** From the request to the answer, one call after the other. */
export async function waitsFor(
  { name, most, make }: Call,
  { server, token, sql }: { server: ServerProcess; token: string; sql: Pool },
  { calls, users }: Plan,
): Promise<Waits> {
  const before = await scannedRows(sql);
  const times: number[] = [];
  for (let call = -WARM_UP; call < calls; call++) {
    const n = 1 + Math.floor(Math.random() * users);
    const startedAt = performance.now();
    const answers = await make(server, token, n);
    const wrong = answers.find(({ status }) => status !== 200);
    if (wrong) throw new Error(`${name}: ${wrong.status}`);
    if (call >= 0) times.push(performance.now() - startedAt);
  }
  const scanned = ((await scannedRows(sql)) - before) / (calls + WARM_UP);
  return { name, most, ...quantiles(times), scanned };
}

export function quantiles(times: readonly number[]): { median: number; p95: number } {
  const sorted = times.toSorted((one, other) => one - other);
  const [median, p95] = [0.5, 0.95].map((part) => sorted[Math.floor(sorted.length * part)]!);
  return { median: median!, p95: p95! };
}

/** Rows that were read in the order of a table: also small tables, and what jobs in the background read. */
async function scannedRows(sql: Pool): Promise<number> {
  const [rows] = await sql.query("SHOW GLOBAL STATUS LIKE 'Handler_read_rnd_next'");
  return Number((rows as { Value: string }[])[0]!.Value);
}
