import { growingCache } from '../common/growing-cache';
import type { RedisClient } from '../storage/redis.service';

/** Entries that this process remembers. */
const MAX_ENTRIES = 20_000;

/** What is remembered while a code lives: in Redis for all nodes, in this process when there is none or it is away. Never fails. */
export class BriefMemory {
  private readonly own = growingCache<string, string>(MAX_ENTRIES);

  constructor(private readonly redis?: RedisClient) {}

  async remember(key: string, entry: string, seconds: number): Promise<void> {
    const milliseconds = seconds * 1000;
    try {
      if (this.redis) return void (await this.redis.set(key, entry, 'PX', milliseconds));
    } catch {
      // Redis is away: this node knows.
    }
    this.own.set(key, entry, { ttl: milliseconds });
  }

  async recall(key: string): Promise<string | undefined> {
    const shared = await this.redis?.get(key).catch(() => null);
    return shared ?? this.own.get(key);
  }
}
