import type { Pool } from 'mysql2/promise';
import { EPOCH, ID_BITS, type Population } from './population';
import { fillSorted } from './sorted-indexes';

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

  load(): Promise<void> {
    return fillSorted(this.sql, 'audit_events', async () => {
      for (let from = 1; from <= this.count; from += CHUNK) {
        await this.sql.query(this.rows(from, Math.min(from + CHUNK - 1, this.count)));
      }
    });
  }

  /** Of a request that concerned user `n`. */
  requestIdOf(n: number): string {
    return `request-${n}`;
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
