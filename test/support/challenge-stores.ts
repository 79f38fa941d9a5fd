import Redis from 'ioredis';
import { dataSourceOptions } from '../../ormconfig';
import { BackgroundJobsService } from '../../src/common/background-jobs.service';
import { Clock } from '../../src/common/clock';
import { Challenge } from '../../src/codes/challenge.entity';
import type { ChallengeStore } from '../../src/codes/challenge-store';
import { FailoverChallengeStore } from '../../src/codes/failover-challenge.store';
import { RedisChallengeStore } from '../../src/codes/redis-challenge.store';
import { SqlChallengeStore } from '../../src/codes/sql-challenge.store';
import { parseEnv } from '../../src/config/load-env';
import { TandemDataSource } from '../../src/storage/data-source';
import { type ConnectedRedis, REDIS_TOPOLOGIES } from './redis-topologies';
import { ownChallengeKey, TEST_KEYS } from './challenge-key';
import { migratedStores } from './migrated-stores';
import { newLimiter } from './new-limiter';
import { freePort } from './servers/free-port';
import { MODES, type Mode } from './stores';

/** A challenge store on fresh stores, and what a test does to it from outside. */
export interface StoreUnderTest {
  store: ChallengeStore;
  /** Ends the lifetime of the challenge of a number now. */
  expire(mobile: string): Promise<unknown>;
  close(): Promise<unknown>;
}

const STANDARD = {
  'SQL on MariaDB': () => sqlStore('standard'),
  'failover with Redis up': () => failoverStore(true),
  'failover with Redis down': () => failoverStore(false),
};

/** Every adapter that this machine can run, by name. */
export const CHALLENGE_STORES: Record<string, () => Promise<StoreUnderTest>> = {
  'SQL on SQLite': () => sqlStore('embedded'),
  ...(MODES.includes('standard') && STANDARD),
  ...Object.fromEntries(
    Object.entries(REDIS_TOPOLOGIES).map(([name, connect]) => [name, () => redisStore(connect)]),
  ),
};

export async function sqlStore(mode: Mode): Promise<StoreUnderTest & { store: SqlChallengeStore }> {
  const env = parseEnv(await migratedStores(mode));
  const isolated = await new TandemDataSource(dataSourceOptions(env)).initialize();
  const challenges = isolated.getRepository(Challenge);
  return {
    store: new SqlChallengeStore(
      challenges,
      new Clock(),
      isolated,
      env,
      newLimiter(),
      new BackgroundJobsService(),
    ),
    expire: (mobile) => challenges.update({ mobile: mobile as never }, { expiresAt: new Date(0) }),
    close: () => isolated.destroy(),
  };
}

async function redisStore(
  connect: () => Promise<ConnectedRedis>,
): Promise<StoreUnderTest & { store: RedisChallengeStore }> {
  const { redis, close } = await connect();
  return {
    store: new RedisChallengeStore(redis, new Clock(), parseEnv({}), newLimiter(redis), TEST_KEYS),
    expire: (mobile) => redis.pexpireat(ownChallengeKey(mobile), 1),
    close,
  };
}

async function failoverStore(isRedisUp: boolean): Promise<StoreUnderTest> {
  const [primary, sql] = [
    isRedisUp ? await redisStore(REDIS_TOPOLOGIES.Redis!) : await absentRedis(),
    await sqlStore('embedded'),
  ];
  return {
    store: new FailoverChallengeStore(
      primary.store,
      undefined,
      sql.store,
      new Clock(),
      parseEnv({}),
      newLimiter(),
    ),
    expire: (mobile) => (isRedisUp ? primary : sql).expire(mobile),
    close: () => Promise.all([primary.close(), sql.close()]),
  };
}

async function absentRedis() {
  const redis = new Redis(await freePort(), '127.0.0.1', {
    enableOfflineQueue: false,
    lazyConnect: true,
    retryStrategy: null,
  });
  redis.on('error', () => undefined);
  return {
    store: new RedisChallengeStore(redis, new Clock(), parseEnv({}), newLimiter(redis), TEST_KEYS),
    expire: () => Promise.resolve(),
    close: async () => redis.disconnect(),
  };
}
