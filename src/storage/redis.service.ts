import {
  Inject,
  Injectable,
  type OnApplicationShutdown,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { RedactingLogger } from '../common/redacting-logger';
import { Env } from '../config/env';
import { batchWrites } from './batched-writes';
import { groupOf, sentinelConnections, SILENT_MS } from './redis-connections';
import { problemOf, type RedisProblem } from './redis-problems';
import { dropWhenSilent } from './silent-connections';

export const REDIS = Symbol('Redis');
export const REDIS_REPLICA = Symbol('RedisReplica');

/** A single server, the primary that sentinels name, or a cluster: callers need not know which. */
export type RedisClient = Redis | Cluster;

export const isCluster = (client: RedisClient): client is Cluster => client.isCluster;

/** The channel on which sentinels announce a new primary; messages begin with the name of its group. */
const SWITCHED = '+switch-master';

const PRIMARY = 'Redis';

/** How long the start waits for Redis before it goes on without. */
const START_TIMEOUT_MS = 1000;

/** Watches the connections: says when one goes and comes back, and closes them at the end. */
@Injectable()
export class RedisService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new RedactingLogger(RedisService.name);
  /** Of connections that were logged as unreachable, which is not repeated until they are reachable again. */
  private readonly problems = new Map<string, RedisProblem>();
  private readonly sentinels: Redis[];
  private reachedOnce = false;

  constructor(
    private readonly env: Env,
    @Optional() @Inject(REDIS) private readonly primary?: RedisClient,
    @Optional() @Inject(REDIS_REPLICA) private readonly replica?: RedisClient,
  ) {
    if (replica) this.watch(replica, 'Redis replica');
    if (primary) this.watch(primary, PRIMARY);
    primary?.once('ready', () => (this.reachedOnce = true));
    this.sentinels = sentinelConnections(env).map(connect);
    for (const sentinel of this.sentinels) this.follow(sentinel);
  }

  async onModuleInit(): Promise<void> {
    if (this.primary) await firstReady(this.primary);
  }

  onApplicationShutdown(): void {
    for (const client of [this.primary, this.replica, ...this.sentinels]) client?.disconnect();
  }

  /**
   * `missing` until the first connection: such a node is probably misconfigured. `down` later, and when
   * any master of a cluster is away: the node does without and stays in service.
   */
  get status(): 'unused' | 'missing' | 'down' | 'up' {
    if (!this.primary) return 'unused';
    if (isUp(this.primary)) return 'up';
    return this.reachedOnce ? 'down' : 'missing';
  }

  /** Why the primary is away. */
  get problem(): RedisProblem {
    return this.problems.get(PRIMARY) ?? 'UNREACHABLE';
  }

  /** Reconnects after a failover: the old primary may still answer, and writes to it are lost. */
  private follow(sentinel: Redis): void {
    this.watch(sentinel, `Redis sentinel ${sentinel.options.host}:${sentinel.options.port}`);
    sentinel.on('ready', () => sentinel.subscribe(SWITCHED).catch(() => undefined));
    sentinel.on('message', (_channel, announcement: string) => {
      if (!announcement.startsWith(`${groupOf(this.env.REDIS_URL!)} `)) return;
      for (const client of [this.primary, this.replica]) {
        if (client?.status === 'ready') client.disconnect(true);
      }
    });
  }

  private watch(client: RedisClient, name: string): void {
    client.on('error', (error: Error) => {
      this.lost(name, error);
      // The client would go on with database 0, which is somebody else's.
      if (isOfSelect(error)) client.disconnect(true);
    });
    client.on('ready', () => this.regained(name));
    if (!isCluster(client)) return void client.on('connect', () => prepare(client));
    // The only event that is emitted when the nodes answer but disagree about the slots.
    client.on('reconnecting', () => this.lost(name, new Error('The cluster is not in order.')));
    const watchNode = (node: Redis) => {
      this.watch(node, `${name} node ${node.options.host}:${node.options.port}`);
      process.nextTick(() => connectNodes(client));
    };
    client.nodes().forEach(watchNode);
    client.on('+node', watchNode);
    client.on('ready', () => connectNodes(client));
  }

  private lost(name: string, error: Error): void {
    const [before, problem] = [this.problems.get(name), problemOf(error)];
    // What the server has answered tells more than that its connection was closed then.
    if (before && (before === problem || problem === 'UNREACHABLE')) return;
    this.logger.error(error, `${name} is unreachable`);
    this.problems.set(name, problem);
  }

  private regained(name: string): void {
    if (this.problems.delete(name)) this.logger.log(`${name} is reachable again`);
  }
}

const isOfSelect = (error: Error & { command?: { name: string } }) =>
  error.command?.name === 'select';

function connect(options: RedisOptions): Redis {
  const { Redis } = require('ioredis') as typeof import('ioredis');
  return new Redis(options);
}

/** Before the first command needs them, so that unreachable nodes are known. */
function connectNodes(cluster: Cluster): void {
  // Until then the cluster itself connects to them to learn the slots.
  if (cluster.status !== 'ready') return;
  for (const node of cluster.nodes().filter(({ status }) => status === 'wait')) {
    node.connect().catch(() => undefined);
  }
}

function prepare(client: Redis): void {
  batchWrites(client.stream);
  dropWhenSilent(client, SILENT_MS);
}

function isUp(client: RedisClient): boolean {
  const masters = isCluster(client) ? client.nodes('master') : [];
  return [client, ...masters].every(({ status }) => status === 'ready');
}

function firstReady(client: RedisClient): Promise<void> {
  return new Promise((resolve) => {
    if (client.status === 'ready') return resolve();
    const timer = setTimeout(resolve, START_TIMEOUT_MS);
    client.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
