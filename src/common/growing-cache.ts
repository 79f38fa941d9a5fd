import { LRUCache } from 'lru-cache';

/**
 * A cache that forgets what was used longest ago, once there are `most`. The memory is taken as it fills: with `max` it
 * would be at once, some megabytes and fifty milliseconds of every start.
 */
export const growingCache = <K extends {}, V extends {}>(most: number, ttl?: number) =>
  new LRUCache<K, V>({ maxSize: most, sizeCalculation: () => 1, ttl });
