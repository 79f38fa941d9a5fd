import type { RedisModuleOptions } from '@nestjs-modules/ioredis';
import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { Env } from '../config/env';

/** After this time a server that does not answer counts as away. */
const COMMAND_TIMEOUT_MS = 500;
/** Between the attempts of one command during a slot migration or a failover. */
const REDIRECT_DELAY_MS = 50;
/**
 * A cluster node that cannot be reached for about a minute is dropped. It is added again when the others still list it;
 * when all are dropped, the configured addresses are tried again.
 */
const NODE_ATTEMPTS = 60;

const SENTINEL_PORT = 26_379;

const retryDelay = (attempt: number) => Math.min(attempt * 100, 1000);

/** Every command ends soon, with an error when Redis is away: nothing waits in a queue. */
const COMMON = {
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT_MS,
  // A connection that does not answer is dropped, so that only the first request waits for it.
  socketTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: 1000,
  disconnectTimeout: COMMAND_TIMEOUT_MS,
  // The old primary has become a replica: reconnecting finds the new one.
  reconnectOnError: ({ message }: Error) => message.includes('READONLY'),
} satisfies RedisOptions;

const SERVER = { ...COMMON, enableOfflineQueue: false, retryStrategy: retryDelay };

/** Where challenges and counts are written. */
export function primaryConnection(env: Env): RedisModuleOptions {
  if (env.REDIS_CLUSTER_NODES) return cluster(env.REDIS_CLUSTER_NODES, 'master');
  if (env.REDIS_SENTINELS) return watchedGroup(env.REDIS_URL!, env.REDIS_SENTINELS, 'master');
  return server(env.REDIS_URL!);
}

/** Where challenges are read while the primary is away; undefined when it has no replica. */
export function replicaConnection(env: Env): RedisModuleOptions | undefined {
  if (env.REDIS_CLUSTER_NODES) return cluster(env.REDIS_CLUSTER_NODES, 'slave');
  if (env.REDIS_REPLICA_URL) return server(env.REDIS_REPLICA_URL);
  if (env.REDIS_SENTINELS) return watchedGroup(env.REDIS_URL!, env.REDIS_SENTINELS, 'slave');
  return undefined;
}

const server = (url: string): RedisModuleOptions => ({ type: 'single', url, options: SERVER });

/** Where the sentinels announce that another server is the primary. */
export function sentinelConnections({ REDIS_SENTINELS = [] }: Env): RedisOptions[] {
  return REDIS_SENTINELS.map((url) => ({
    ...COMMON,
    ...accessOf(url),
    ...addressOf(url, SENTINEL_PORT),
    retryStrategy: retryDelay,
    autoResubscribe: false,
    // A subscriber sends nothing, so that a connection lost without a FIN would go unnoticed.
    keepAlive: 10_000,
  }));
}

/** The server that the sentinels name for the role. */
function watchedGroup(
  url: string,
  sentinels: string[],
  role: 'master' | 'slave',
): RedisModuleOptions {
  const { username, password, tls } = accessOf(sentinels[0]!);
  const options: RedisOptions = {
    ...SERVER,
    role,
    name: groupOf(url),
    sentinels: sentinels.map((sentinel) => addressOf(sentinel, SENTINEL_PORT)),
    sentinelUsername: username,
    sentinelPassword: password,
    sentinelTLS: tls,
    enableTLSForSentinelMode: url.startsWith('rediss:'),
    sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
    sentinelRetryStrategy: retryDelay,
  };
  return { type: 'single', url, options };
}

/** The name that the sentinels know the primary and its replicas by. */
export const groupOf = (url: string) => new URL(url).hostname;

function cluster(nodes: string[], scaleReads: 'master' | 'slave'): RedisModuleOptions {
  const access = accessOf(nodes[0]!);
  const options: ClusterOptions = {
    scaleReads,
    enableOfflineQueue: false,
    maxRedirections: 3,
    retryDelayOnFailover: REDIRECT_DELAY_MS,
    retryDelayOnClusterDown: REDIRECT_DELAY_MS,
    retryDelayOnTryAgain: REDIRECT_DELAY_MS,
    slotsRefreshTimeout: COMMAND_TIMEOUT_MS,
    slotsRefreshInterval: 2000,
    clusterRetryStrategy: retryDelay,
    clusterNodeRetryStrategy: (attempt) => (attempt > NODE_ATTEMPTS ? null : retryDelay(attempt)),
    redisOptions: { ...COMMON, ...access },
    // Certificates name hosts, not their addresses.
    ...(access.tls && { dnsLookup: (host, found) => found(null, host) }),
  };
  return { type: 'cluster', nodes: nodes.map((node) => addressOf(node, 6379)), options };
}

function addressOf(text: string, defaultPort: number): { host: string; port: number } {
  const { hostname, port } = new URL(text);
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || defaultPort) };
}

function accessOf(text: string): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  const { protocol, username, password } = new URL(text);
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  };
}
