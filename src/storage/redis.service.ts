import { getRedisConnectionToken } from '@nestjs-modules/ioredis';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import type { Redis } from 'ioredis';

export const REDIS = getRedisConnectionToken();
export const REDIS_REPLICA = getRedisConnectionToken('replica');

/** Milliseconds that the start waits for Redis before it goes on without. */
const START_PATIENCE = 1000;

/** Watches the connections: says when one goes and comes back, and closes them at the end. */
@Injectable()
export class RedisService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RedisService.name);
  private reachedOnce = false;

  constructor(
    @Optional() @Inject(REDIS) private readonly primary?: Redis,
    @Optional() @Inject(REDIS_REPLICA) private readonly replica?: Redis,
  ) {
    if (replica) this.watch(replica, 'Redis replica');
    if (primary) this.watch(primary, 'Redis');
    primary?.once('ready', () => (this.reachedOnce = true));
  }

  async onModuleInit(): Promise<void> {
    if (this.primary) await firstReady(this.primary);
  }

  onApplicationShutdown(): void {
    this.primary?.disconnect();
    this.replica?.disconnect();
  }

  /**
   * `missing` until the first connection: such a node is probably misconfigured. `down` later: the
   * node does without and stays in service.
   */
  get status(): 'unused' | 'missing' | 'down' | 'up' {
    if (!this.primary) return 'unused';
    if (this.primary.status === 'ready') return 'up';
    return this.reachedOnce ? 'down' : 'missing';
  }

  private watch(client: Redis, name: string): void {
    let isUp = true;
    client.on('error', (error) => {
      if (isUp) this.logger.error(error, `${name} is not reachable`);
      isUp = false;
    });
    client.on('ready', () => {
      if (!isUp) this.logger.log(`${name} is back`);
      isUp = true;
    });
  }
}

function firstReady(client: Redis): Promise<void> {
  return new Promise((resolve) => {
    if (client.status === 'ready') return resolve();
    const timer = setTimeout(resolve, START_PATIENCE);
    client.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
