import { freePort } from '../support/servers/free-port';
import { superviseMariaDb } from '../support/servers/mariadb';
import {
  type MariaDbReplication,
  startMariaDbReplication,
} from '../support/servers/mariadb-replication';
import type { PrivateServer } from '../support/servers/private-server';
import { startRedis } from '../support/servers/redis';
import { type RedisCluster, startRedisCluster } from '../support/servers/redis-cluster';
import { type RedisSentinels, startRedisSentinels } from '../support/servers/redis-sentinels';

export type Kind = 'single' | 'sentinel' | 'cluster' | 'replicated SQL';

export interface Stores {
  /** Of the primary of now. */
  sqlPort(): number;
  readonly mariaDb: PrivateServer;
  /** Starts MariaDB again with twice the space. */
  readonly growDisk?: () => Promise<void>;
  /** The only one, or the first primary. */
  readonly redis: PrivateServer;
  /** How nodes find Redis, unless it is through the proxy. */
  readonly redisEnv?: Record<string, string>;
  readonly sentinels?: RedisSentinels;
  /** The primary of now and its replica. */
  readonly redisPair?: [PrivateServer, PrivateServer];
  readonly cluster?: RedisCluster;
  readonly replication?: MariaDbReplication;
  remove(): Promise<void>;
}

export async function startStores(kind: Kind): Promise<Stores> {
  const sql = await (kind === 'replicated SQL' ? replicatedSql() : singleSql());
  const redis = await (kind === 'sentinel' || kind === 'cluster' ? REDIS[kind]() : singleRedis());
  const remove = async () => void (await Promise.all([sql.remove(), redis.remove()]));
  return { ...sql, ...redis, remove };
}

/** On a disk that can be filled. */
async function singleSql() {
  let megabytes = 128;
  const settings = () => [
    '--skip-log-bin',
    '--innodb-file-per-table=0',
    `--innodb-data-file-path=ibdata1:12M:autoextend:max:${megabytes}M`,
    '--innodb-autoextend-increment=4',
  ];
  const mariaDb = await superviseMariaDb({ port: await freePort(), settings });
  const growDisk = () => {
    megabytes *= 2;
    return mariaDb.restart();
  };
  return { mariaDb, sqlPort: () => mariaDb.port, growDisk, remove: () => mariaDb.remove() };
}

async function replicatedSql() {
  const replication = await startMariaDbReplication();
  const { primary, replica } = replication;
  const stores = {
    mariaDb: primary,
    replication,
    sqlPort: () => primary.port,
    remove: () => replication.remove(),
  };
  const promote = async () => {
    await replication.promote();
    stores.sqlPort = () => replica.port;
  };
  return { ...stores, sqlPort: () => stores.sqlPort(), replication: { ...replication, promote } };
}

async function singleRedis() {
  const redis = await startRedis();
  return { redis, remove: () => redis.remove() };
}

const REDIS = {
  sentinel: async () => {
    const sentinels = await startRedisSentinels();
    const { primary: redis, replica, env: redisEnv } = sentinels;
    const redisPair: [PrivateServer, PrivateServer] = [redis, replica];
    return { redis, redisPair, sentinels, redisEnv, remove: () => sentinels.remove() };
  },
  cluster: async () => {
    const cluster = await startRedisCluster();
    const { env: redisEnv } = cluster;
    return { redis: cluster.shards[0]!.master, cluster, redisEnv, remove: () => cluster.remove() };
  },
};
