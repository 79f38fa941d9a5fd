import type { Pool } from 'mysql2/promise';
import { until } from '../../test/support/until';
import { fillSorted } from './sorted-indexes';

/** How many rows a database holds. */
export interface Size {
  readonly users: number;
  readonly sessions: number;
  /** Whether every user has one: `user-` and their place, from 1 on. */
  readonly hasUsernames?: boolean;
}

export const EPOCH = Date.UTC(2020, 0, 1);
/** The bits of an id below its time. */
export const ID_BITS = 22;
const DAY = 86_400_000;
const ACCOUNT_AGE = 365 * DAY;
const SESSION_LIFE = 14 * DAY;
/** Of the 30 days that ended sessions stay on record, so that none is purged meanwhile. */
const RECORD_LIFE = 29 * DAY;
const SESSION_AGE = SESSION_LIFE + RECORD_LIFE;
/** Ended sessions are held in memory for the life of an access token. */
const ACCESS_LIFE = 2 * 3_600_000;
/** A prime: users with neighbouring numbers are not neighbours on disk. */
const STRIDE = 7919;
const MOST_DIRTY_PAGES = 100;
const SETTLING_SECONDS = 300;
const SESSION_COLUMNS = `id, user_id, challenge_id, generation, rotated_at, device, network, created_at, last_used_at,
  expires_at, ended_at, end_reason`;
/** Rows of one statement, which is also a transaction. */
const CHUNK = 100_000;

/**
 * Users and sessions as a service has them that is used evenly for longer than it keeps its sessions: about one in four
 * is logged out or replaced, the others expire. MariaDB makes the rows itself, from a sequence. The numbers
 * of the users are +86138 with 0, 1, 2 … in eight digits.
 */
export class Population {
  private readonly now = Date.now();

  constructor(
    private readonly sql: Pool,
    readonly size: Size,
  ) {}

  async load(): Promise<void> {
    await this.loadUsers();
    await this.loadSessions();
    await this.sql.query('ANALYZE TABLE users, user_profiles, sessions');
    await this.settle();
  }

  /** The same, with all indexes made behind the rows. */
  async loadSorted(): Promise<void> {
    const { sql } = this;
    await fillSorted(sql, 'users', () => fillSorted(sql, 'user_profiles', () => this.loadUsers()));
    await fillSorted(sql, 'sessions', () => this.loadSessions());
  }

  private loadUsers(): Promise<void> {
    const { users } = this.size;
    return this.insert(users, (from, to) => [this.users(from, to), this.profiles(from, to)]);
  }

  private loadSessions(): Promise<void> {
    return this.insert(this.size.sessions, (from, to) => [this.sessions(from, to)]);
  }

  /** Ends that many sessions more within the last two hours: access tokens of all of them may be out. */
  async endLately(count: number): Promise<void> {
    await this.insert(count, (from, to) => [this.endedLately(from, to, count)]);
    await this.sql.query('ANALYZE TABLE sessions');
    await this.settle();
  }

  /** The id of user `n`, from 1 on. */
  idOf(n: number): string {
    const age = Math.floor((n * ACCOUNT_AGE) / (this.size.users + 1));
    return String(BigInt(this.now - ACCOUNT_AGE + age - EPOCH) << BigInt(ID_BITS));
  }

  mobileOf(n: number): string {
    return `+86138${String((n * STRIDE) % this.size.users).padStart(8, '0')}`;
  }

  /** The same as SQL. */
  idExpression(n: string): string {
    return this.user(n).id;
  }

  /** Waits until all of it is on disk, or that would slow what is measured. */
  private async settle(): Promise<void> {
    await this.sql.query('SET GLOBAL innodb_max_dirty_pages_pct = 0');
    await until(async () => (await this.dirtyPages()) < MOST_DIRTY_PAGES, SETTLING_SECONDS);
    await this.sql.query('SET GLOBAL innodb_max_dirty_pages_pct = DEFAULT');
  }

  private async dirtyPages(): Promise<number> {
    const [rows] = await this.sql.query("SHOW STATUS LIKE 'Innodb_buffer_pool_pages_dirty'");
    return Number((rows as { Value: string }[])[0]!.Value);
  }

  private async insert(
    count: number,
    statements: (from: number, to: number) => string[],
  ): Promise<void> {
    for (let from = 1; from <= count; from += CHUNK) {
      const to = Math.min(from + CHUNK - 1, count);
      for (const statement of statements(from, to)) await this.sql.query(statement);
    }
  }

  private users(from: number, to: number): string {
    const { created, id } = this.user('seq');
    const number = `((seq * ${STRIDE}) % ${this.size.users})`;
    const username = this.size.hasUsernames ? `CONCAT('user-', seq)` : 'NULL';
    return `INSERT INTO users (id, mobile, username, name, status, last_login, verified_at, created_at, updated_at)
      SELECT ${id}, CONCAT('+86138', LPAD(${number}, 8, '0')), ${username}, CONCAT('+86138****', LPAD(${number} % 10000, 4, '0')),
        'active', ${created}, ${this.now}, ${created}, ${created}
      FROM seq_${from}_to_${to}`;
  }

  private profiles(from: number, to: number): string {
    const { id } = this.user('seq');
    return `INSERT INTO user_profiles (id, gender, birthday, locale, time_zone)
      SELECT ${id}, ELT(1 + seq % 3, NULL, 'female', 'male'), IF(seq % 3, '1990-01-31', NULL),
        'zh-CN', 'Asia/Shanghai' FROM seq_${from}_to_${to}`;
  }

  private sessions(from: number, to: number): string {
    const { sessions, users } = this.size;
    const created = moment('seq', sessions, this.now - SESSION_AGE, SESSION_AGE);
    const user = this.user(`(1 + CRC32(seq) % ${users})`);
    return `INSERT INTO sessions (${SESSION_COLUMNS})
      SELECT ${idAt('created')}, user_id, MD5(seq), 0, NULL,
        ELT(1 + seq % 4, 'Chrome on Android', 'Safari on iOS', 'Shop on iOS', 'Shop on Android'),
        CONCAT_WS('.', 1 + seq % 223, seq % 251, seq % 253, '0/24'),
        created, created + (LEAST(ended, ${this.now}) - created) DIV 2, expires,
        IF(ended < ${this.now}, ended, NULL),
        IF(ended < ${this.now}, IF(ended = expires, 'expired', ELT(1 + seq % 3, 'logout', 'logout', 'replaced')), NULL)
      FROM (SELECT *, IF(early < ${this.now - RECORD_LIFE}, expires, early) AS ended
        FROM (SELECT seq, ${created} AS created, ${user.id} AS user_id, ${created} + ${SESSION_LIFE} AS expires,
          ${created} + IF(seq % 4, ${SESSION_LIFE}, CRC32(-seq) % ${SESSION_LIFE}) AS early
          FROM seq_${from}_to_${to}) AS drawn) AS kept`;
  }

  private endedLately(from: number, to: number, count: number): string {
    const ended = moment('seq', count, this.now - ACCESS_LIFE, ACCESS_LIFE);
    return `INSERT INTO sessions (${SESSION_COLUMNS})
      SELECT ${idAt('ended')} + 1, ${this.user(`(1 + CRC32(seq) % ${this.size.users})`).id}, MD5(-seq), 0, NULL,
        'Chrome on Android', '192.0.2.0/24', ended, ended, ended + ${SESSION_LIFE}, ended, 'logout'
      FROM (SELECT seq, ${ended} AS ended FROM seq_${from}_to_${to}) AS drawn`;
  }

  private user(n: string): { created: string; id: string } {
    const created = moment(n, this.size.users, this.now - ACCOUNT_AGE, ACCOUNT_AGE);
    return { created, id: idAt(created) };
  }
}

/** Number `n` of `count` that came evenly over a time. */
const moment = (n: string, count: number, from: number, duration: number) =>
  `(${from} + (${n} * ${duration}) DIV ${count + 1})`;

/** A snowflake of this time. */
const idAt = (time: string) => `((${time} - ${EPOCH}) << ${ID_BITS})`;
