import { freePort } from '../test/support/servers/free-port';
import { newDatabase, superviseMariaDb } from '../test/support/servers/mariadb';
import { startRedis } from '../test/support/servers/redis';

/** One MariaDB and one Redis, which all contestants share: each has a database of its own in both. */
export class Stores {
  private constructor(
    private readonly sqlUrl: string,
    private readonly redisUrl: string,
    readonly remove: () => Promise<void>,
    /** Databases of Redis. */
    private used = 0,
  ) {}

  /** As they come out of the box: every commit is on disk before it is answered, and Redis writes no log. */
  static async start(settings: string[] = []): Promise<Stores> {
    const [mariaDb, redis] = await Promise.all([
      superviseMariaDb({ port: await freePort(), settings: () => [...SETTINGS, ...settings] }),
      startRedis({ settings: { appendonly: 'no', databases: 64 } }),
    ]);
    const remove = async () => void (await Promise.all([mariaDb.remove(), redis.remove()]));
    return new Stores(mariaDb.url, redis.url, remove);
  }

  /** Those of a test run, which removes them itself and whose workers empty the first databases of Redis. */
  static of(sqlUrl: string, redisUrl: string): Stores {
    return new Stores(sqlUrl, redisUrl, async () => undefined, 8);
  }

  /** Variables that name an empty database of its own in both. */
  async fresh(): Promise<StoreEnv> {
    const redis = new URL(this.redisUrl);
    redis.pathname = String(++this.used);
    return { DATABASE_URL: await newDatabase(this.sqlUrl), REDIS_URL: redis.href };
  }
}

export type StoreEnv = Record<'DATABASE_URL' | 'REDIS_URL', string>;

const SETTINGS = [
  '--skip-log-bin',
  '--innodb-flush-log-at-trx-commit=1',
  '--innodb-buffer-pool-size=256M',
  '--innodb-log-file-size=96M',
];
