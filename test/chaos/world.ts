import type Redis from 'ioredis';
import type { Connection } from 'mysql2/promise';
import { FaultProxy } from '../support/fault-proxy';
import { emptyDirectory, ServerProcess } from '../support/server-process';
import { withMariaDb } from '../support/servers/mariadb';
import { withRedis } from '../support/servers/redis';
import { smsEnv } from '../support/sms-env';
import { SmsInbox } from '../support/sms-inbox';
import { type Kind, startStores, type Stores } from './stores';

/** No limit is in the way of callers who behave. */
const WIDE = [
  'code-cooldown',
  'codes-per-number',
  'codes-per-number-and-network',
  'codes-to-owner',
  'fresh-codes',
  'fresh-codes-per-country',
  'fresh-codes-per-prefix',
  'guesses-per-address',
  'guesses-per-number',
  'guesses-per-number-and-network',
]
  .map((name) => `${name}=1000000/1s`)
  .join(',');

const SETTINGS = {
  LIMITS: WIDE,
  SMS_BUDGET_DAILY: 'none',
  SMS_CONVERSION_GUARD: 'off',
  MAX_SESSIONS_PER_USER: '1000',
  TRUST_PROXY: '1',
  LOG_LEVEL: 'info',
};

/** Two nodes and their stores, all of them processes of their own, and proxies between them. */
export class World {
  /** Those that take requests. */
  readonly nodes: ServerProcess[] = [];

  private constructor(
    readonly stores: Stores,
    readonly sqlProxy: FaultProxy,
    readonly redisProxy: FaultProxy,
    readonly inbox: SmsInbox,
    private readonly env: Record<string, string>,
  ) {}

  static async start(kind: Kind): Promise<World> {
    const stores = await startStores(kind);
    const sqlProxy = await FaultProxy.before(stores.sqlPort());
    const redisProxy = await FaultProxy.before(stores.redis.port);
    const inbox = await SmsInbox.open();
    const env = {
      ...smsEnv(inbox),
      ...SETTINGS,
      // By default a refresh only reads: where a failover may leave it with a server that is behind.
      REFRESH_ROTATION: kind === 'replicated SQL' ? 'off' : 'on',
      DATA_DIR: emptyDirectory(),
      DATABASE_URL: `mysql://app@127.0.0.1:${sqlProxy.port}/tandem`,
      ...(stores.redisEnv ?? { REDIS_URL: `redis://127.0.0.1:${redisProxy.port}` }),
    };
    const world = new World(stores, sqlProxy, redisProxy, inbox, env);
    await world.createDatabase();
    for (const _ of [1, 2]) world.nodes.push(await world.startNode());
    return world;
  }

  startNode(): Promise<ServerProcess> {
    return ServerProcess.start(this.env);
  }

  /** The SQL primary past the proxy, with every right. */
  get rootUrl(): string {
    return `mysql://root@127.0.0.1:${this.stores.sqlPort()}`;
  }

  /** Does something to the SQL primary past the proxy. */
  asRoot<T>(talk: (root: Connection) => Promise<T>): Promise<T> {
    return withMariaDb(this.stores.sqlPort(), talk);
  }

  /** Does something to Redis past the proxy. */
  onRedis(change: (redis: Redis) => Promise<unknown>): Promise<unknown> {
    return withRedis(this.stores.redis.port, change);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop('SIGKILL')));
    await Promise.all([this.sqlProxy.close(), this.redisProxy.close(), this.inbox.close()]);
    await this.stores.remove();
  }

  /** The application may not write where everyone else may only read. */
  private async createDatabase(): Promise<void> {
    await this.asRoot(async (root) => {
      await root.query('CREATE DATABASE tandem');
      await root.query('CREATE USER IF NOT EXISTS app@localhost');
      await root.query('GRANT ALL ON tandem.* TO app@localhost');
    });
  }
}
