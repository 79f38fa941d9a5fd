import Redis from 'ioredis';
import { createPool, type Pool } from 'mysql2/promise';
import { ChallengeCodesService } from '../../src/codes/challenge-codes.service';
import { newLimiter } from '../../test/support/new-limiter';
import { RedisChallengeStore } from '../../src/codes/redis-challenge.store';
import { Clock } from '../../src/common/clock';
import type { E164 } from '../../src/common/phone-number';
import { Snowflake } from '../../src/common/snowflake';
import { KeyRing } from '../../src/config/key-ring';
import { parseEnv } from '../../src/config/load-env';
import type { StoreEnv } from '../stores';
import type { Data } from './contestant';

const CODE_LIFETIME = 5 * 60_000;
/** Rows of one INSERT. */
const BATCH = 1000;

/** Users in Tandem's tables, and challenges that Tandem's own classes put into Redis. */
export class TandemData implements Data {
  protected readonly redis: Redis;
  /** As the server uses it. */
  private readonly prefixed: Redis;
  private readonly sql: Pool;
  private readonly ids = new Snowflake(1023);
  private readonly codes: ChallengeCodesService;
  private readonly challenges: RedisChallengeStore;

  constructor({ DATABASE_URL, REDIS_URL }: StoreEnv, secret: string) {
    this.sql = createPool({ uri: DATABASE_URL, connectionLimit: 2 });
    this.redis = new Redis(REDIS_URL);
    const ring = new KeyRing(secret);
    this.codes = new ChallengeCodesService(ring);
    const env = parseEnv({});
    this.prefixed = this.redis.duplicate({ keyPrefix: env.REDIS_KEY_PREFIX });
    this.challenges = new RedisChallengeStore(this.prefixed, new Clock(), env, newLimiter(), ring);
  }

  async addUsers(mobiles: string[]): Promise<string[]> {
    const ids = await this.idsOf(mobiles);
    const missing = mobiles.filter((mobile) => !ids.has(mobile));
    for (const mobile of missing) ids.set(mobile, this.ids.next());
    const now = Date.now();
    for (let from = 0; from < missing.length; from += BATCH) {
      const batch = missing.slice(from, from + BATCH);
      const users = batch.map((mobile) => [
        ids.get(mobile)!,
        mobile,
        'Known',
        'active',
        ...TIMES(now),
      ]);
      await this.sql.query(INSERT_USERS, [users]);
      await this.sql.query('INSERT INTO user_profiles (id) VALUES ?', [users.map(([id]) => [id])]);
    }
    return mobiles.map((mobile) => ids.get(mobile)!);
  }

  issueCodes(mobiles: string[]): Promise<string[]> {
    const expiresAt = new Date(Date.now() + CODE_LIFETIME);
    return Promise.all(
      mobiles.map(async (mobile) => {
        const candidate = this.codes.newChallenge(mobile as E164, expiresAt);
        return this.codes.codeOf(await this.challenges.open(candidate));
      }),
    );
  }

  async countSessions(): Promise<number> {
    const [rows] = await this.sql.query('SELECT COUNT(*) AS count FROM sessions');
    return (rows as { count: number }[])[0]!.count;
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    this.prefixed.disconnect();
    await this.sql.end();
  }

  /** Of those that are users already. */
  private async idsOf(mobiles: string[]): Promise<Map<string, string>> {
    if (mobiles.length === 0) return new Map();
    const select = 'SELECT mobile, CAST(id AS CHAR) AS id FROM users WHERE mobile IN (?)';
    const [rows] = await this.sql.query(select, [mobiles]);
    return new Map(
      (rows as { mobile: string; id: string }[]).map(({ mobile, id }) => [mobile, id]),
    );
  }
}

const INSERT_USERS = `INSERT INTO users
  (id, mobile, name, status, last_login, verified_at, created_at, updated_at) VALUES ?`;
const TIMES = (now: number) => [now, now, now, now];
