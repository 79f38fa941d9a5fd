import type { Pool } from 'mysql2/promise';
import { EPOCH, ID_BITS, type Population } from './population';

const DAY = 86_400_000;
const MONTH = 30 * DAY;
/** Of each. */
const ROWS = { sms_deliveries: 40, audit_events: 200, sessions: 8 };

/** Some of all users, of whom much is on record: who writes to support is seldom who logs in once a year. */
export class BusyUsers {
  constructor(
    private readonly sql: Pool,
    private readonly population: Population,
    readonly count: number,
  ) {}

  /** Which user it is, as the population numbers them: they are spread over all of them. */
  userOf(n: number): number {
    const { users } = this.population.size;
    return 1 + Math.floor(((n % this.count) * users) / this.count);
  }

  /** @param refOf the reference of a number, as the server tells it. */
  async load(refOf: (mobile: string) => Promise<string>): Promise<void> {
    for (let n = 0; n < this.count; n++) {
      const user = this.userOf(n);
      const id = this.population.idOf(user);
      const ref = await refOf(this.population.mobileOf(user));
      await this.sql.query(this.deliveries(n, ref));
      await this.sql.query(this.events(n, id));
      await this.sql.query(this.sessions(n, id));
    }
  }

  private deliveries(n: number, ref: string): string {
    const { id, at, from } = this.rows(n, 'sms_deliveries', 1);
    return `INSERT INTO sms_deliveries (id, challenge_id, mobile, number_ref, network, country, provider, outcome, price,
        audience, created_at, verified_at)
      SELECT ${id}, MD5(CONCAT('busy', ${n}, seq)), '+86138****0000', '${ref}', '203.0.113.0/24', 'CN', 'aliyun', 'sent',
        10000, 'device', ${at}, ${at} + 20000 ${from}`;
  }

  private events(n: number, userId: string): string {
    const { id, at, from } = this.rows(n, 'audit_events', 2);
    return `INSERT INTO audit_events (id, at, action, actor_kind, actor_id, user_id, request_id, seal)
      SELECT ${id}, ${at}, ELT(1 + seq % 2, 'session.started', 'session.ended'), 'user', ${userId}, ${userId},
        CONCAT('busy-', ${n}, '-', seq), 1 ${from}`;
  }

  private sessions(n: number, userId: string): string {
    const { id, at, from } = this.rows(n, 'sessions', 3);
    return `INSERT INTO sessions (id, user_id, challenge_id, generation, device, network, created_at, last_used_at,
        expires_at, ended_at, end_reason)
      SELECT ${id}, ${userId}, MD5(CONCAT('session', ${n}, seq)), 0, 'Chrome on Android', '203.0.113.0/24', ${at}, ${at},
        ${at} + ${45 * DAY}, IF(seq % 2, NULL, ${at} + ${DAY}), IF(seq % 2, NULL, 'logout') ${from}`;
  }

  /** Ids that no other row has: those of the worker `kind`, a second for each user. */
  private rows(n: number, table: keyof typeof ROWS, kind: number) {
    const count = ROWS[table];
    const at = `(${Date.now() - MONTH} + seq * ${Math.floor(MONTH / (count + 1))} + ${n})`;
    const id = `((${at} - ${EPOCH}) << ${ID_BITS}) + ${kind << 12} + ${n}`;
    return { id, at, from: `FROM seq_1_to_${count}` };
  }
}
