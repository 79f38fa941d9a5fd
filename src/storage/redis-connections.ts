import type { RedisModuleOptions } from '@nestjs-modules/ioredis';
import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { Env } from '../config/env';
import { redisAddress } from '../config/store-urls';
import { authorities } from './authorities';

/** After this time a server that does not answer counts as away: see `dropWhenSilent`. */
export const SILENT_MS = 500;
/** After this time a command fails, though the server answers others, or is asked only once a node is ready. */
const COMMAND_TIMEOUT_MS = 2000;
/** Between the attempts of one command during a slot migration or a failover. */
const REDIRECT_DELAY_MS = 50;
/**
 * A cluster node that cannot be reached for about a minute is dropped. It is added again when the others still list it;
 * when all are dropped, the configured addresses are tried again.
 */
const NODE_ATTEMPTS = 60;

const PORT = 6379;
const SENTINEL_PORT = 26_379;

const retryDelay = (attempt: number) => Math.min(attempt * 100, 1000);

/** Every command ends soon, with an error when Redis is away: nothing waits in a queue. */
const COMMON = {
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: 1000,
  disconnectTimeout: SILENT_MS,
  // A subscriber sends nothing, so that a connection lost without a FIN would go unnoticed.
  keepAlive: 10_000,
  // The old primary has become a replica: reconnecting finds the new one.
  reconnectOnError: ({ message }: Error) => message.includes('READONLY'),
} satisfies RedisOptions;

const SERVER = { ...COMMON, enableOfflineQueue: false, retryStrategy: retryDelay };

/** Where challenges and counts are written. */
export function primaryConnection(env: Env): RedisModuleOptions {
  if (env.REDIS_CLUSTER_NODES) return cluster(env, 'master');
  return env.REDIS_SENTINELS ? watchedGroup(env, 'master') : server(env.REDIS_URL!, env);
}

/** Where challenges are read while the primary is away; undefined when it has no replica. */
export function replicaConnection(env: Env): RedisModuleOptions | undefined {
  if (env.REDIS_CLUSTER_NODES) return cluster(env, 'slave');
  if (env.REDIS_REPLICA_URL) return server(env.REDIS_REPLICA_URL, env);
  return env.REDIS_SENTINELS && watchedGroup(env, 'slave');
}

function server(url: string, env: Env): RedisModuleOptions {
  const keyPrefix = env.REDIS_KEY_PREFIX;
  const options = { ...SERVER, keyPrefix, ...addressOf(url, PORT), ...accessOf(url, env) };
  return { type: 'single', options };
}

/** Where the sentinels announce that another server is the primary. */
export function sentinelConnections(env: Env): RedisOptions[] {
  return (env.REDIS_SENTINELS ?? []).map((url) => ({
    ...COMMON,
    ...accessOf(url, env),
    ...addressOf(url, SENTINEL_PORT),
    retryStrategy: retryDelay,
    autoResubscribe: false,
  }));
}

/** The server that the sentinels name for the role. */
function watchedGroup(env: Env, role: 'master' | 'slave'): RedisModuleOptions {
  const sentinels = env.REDIS_SENTINELS!;
  const { username, password, tls } = accessOf(sentinels[0]!, env);
  const access = accessOf(env.REDIS_URL!, env);
  const options: RedisOptions = {
    ...SERVER,
    ...access,
    keyPrefix: env.REDIS_KEY_PREFIX,
    role,
    name: groupOf(env.REDIS_URL!),
    sentinels: sentinels.map((sentinel) => addressOf(sentinel, SENTINEL_PORT)),
    sentinelUsername: username,
    sentinelPassword: password,
    sentinelTLS: tls,
    enableTLSForSentinelMode: access.tls !== undefined,
    sentinelCommandTimeout: SILENT_MS,
    sentinelRetryStrategy: retryDelay,
  };
  return { type: 'single', options };
}

/** The name that the sentinels know the primary and its replicas by. */
export const groupOf = (url: string) => redisAddress(url).host;

function cluster(env: Env, scaleReads: 'master' | 'slave'): RedisModuleOptions {
  const nodes = env.REDIS_CLUSTER_NODES!;
  const { db: _, ...access } = accessOf(nodes[0]!, env);
  const options: ClusterOptions = {
    scaleReads,
    keyPrefix: env.REDIS_KEY_PREFIX,
    enableOfflineQueue: false,
    maxRedirections: 3,
    retryDelayOnFailover: REDIRECT_DELAY_MS,
    retryDelayOnClusterDown: REDIRECT_DELAY_MS,
    retryDelayOnTryAgain: REDIRECT_DELAY_MS,
    slotsRefreshTimeout: SILENT_MS,
    slotsRefreshInterval: 2000,
    clusterRetryStrategy: retryDelay,
    clusterNodeRetryStrategy: (attempt) => (attempt > NODE_ATTEMPTS ? null : retryDelay(attempt)),
    redisOptions: { ...COMMON, ...access },
    // Certificates name hosts, not their addresses.
    ...(access.tls && { dnsLookup: (host, found) => found(null, host) }),
  };
  return { type: 'cluster', nodes: nodes.map((node) => addressOf(node, PORT)), options };
}

function addressOf(url: string, defaultPort: number): { host: string; port: number } {
  const { host, port = defaultPort } = redisAddress(url);
  return { host, port };
}

function accessOf(
  url: string,
  env: Env,
): Pick<RedisOptions, 'username' | 'password' | 'db' | 'family' | 'tls'> {
  const { username, password, db, family, isEncrypted } = redisAddress(url);
  const tls = isEncrypted ? { ca: authorities(env.REDIS_TLS) } : undefined;
  return { username, password, db, family, tls };
}
