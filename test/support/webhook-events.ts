import { DataSource } from 'typeorm';
import { Snowflake } from '../../src/common/snowflake';
import { runCli } from './cli';

const ids = new Snowflake(1020);
/** Rows of one statement. */
const BATCH = 500;

/** Writes events as a change does; a node gives them their place. @returns their ids as receivers get them. */
export async function writeEvents(sql: DataSource, count: number): Promise<string[]> {
  const written = Array.from({ length: count }, () => ids.next());
  for (let from = 0; from < count; from += BATCH) {
    const rows = written.slice(from, from + BATCH);
    await sql.query(
      `INSERT INTO outbox (id, at, type) VALUES ${rows.map(() => '(?, ?, ?)').join(', ')}`,
      rows.flatMap((id) => [id, Date.now(), 'user.updated']),
    );
  }
  return written.map((id) => `evt_${id}`);
}

export async function addEndpoint(url: string, env: Record<string, string>): Promise<string> {
  const { stdout, stderr } = await runCli(['webhooks', 'add', url, '--json', '--as', 'spec'], env);
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout).id;
}
