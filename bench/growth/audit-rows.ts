import type { Pool } from 'mysql2/promise';
import { EPOCH, ID_BITS, type Population } from './population';

const YEAR = 365 * 86_400_000;
const CHUNK = 500_000;

/** A year of the audit, evenly over all users, sealed. MariaDB makes the rows itself, from a sequence. */
export class AuditRows {
  private readonly now = Date.now();

  constructor(
    private readonly sql: Pool,
    private readonly population: Population,
    readonly count: number,
  ) {}

  /** Its indexes are made behind the rows: by sorting, which takes a fraction of the time. */
  async load(): Promise<void> {
    const indexes = await this.indexes();
    const drops = indexes.map(({ name }) => `DROP INDEX ${name}`);
    await this.sql.query(`ALTER TABLE audit_events ${drops.join(', ')}`);
    for (let from = 1; from <= this.count; from += CHUNK) {
      await this.sql.query(this.rows(from, Math.min(from + CHUNK - 1, this.count)));
    }
    const adds = indexes.map(({ name, columns }) => `ADD INDEX ${name} (${columns})`);
    await this.sql.query(`ALTER TABLE audit_events ${adds.join(', ')}`);
    await this.sql.query('ANALYZE TABLE audit_events');
  }

  /** Of a request that concerned user `n`. */
  requestIdOf(n: number): string {
    return `request-${n}`;
  }

  private async indexes(): Promise<{ name: string; columns: string }[]> {
    const [rows] = await this.sql.query(`SELECT index_name AS name,
      GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns FROM information_schema.statistics
      WHERE table_schema = DATABASE() AND table_name = 'audit_events' AND index_name <> 'PRIMARY'
      GROUP BY index_name`);
    return rows as { name: string; columns: string }[];
  }

  private rows(from: number, to: number): string {
    const at = `(${this.now - YEAR} + (seq * ${YEAR}) DIV ${this.count + 1})`;
    const user = `(1 + seq % ${this.population.size.users})`;
    return `INSERT INTO audit_events (id, at, action, actor_kind, user_id, number_ref, request_id, seal)
      SELECT ((${at} - ${EPOCH}) << ${ID_BITS}) + seq % 1024, ${at},
        ELT(1 + seq % 4, 'session.started', 'session.ended', 'device.added', 'code.refused'), 'user',
        ${this.population.idExpression(user)}, IF(seq % 4 = 3, MD5(seq), NULL),
        CONCAT('request-', seq), 1 + seq DIV 500
      FROM seq_${from}_to_${to}`;
  }
}
