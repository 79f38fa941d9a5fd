import { Cluster } from 'ioredis';
import type { LimiterService } from '../../src/codes/limiter.service';
import { newLimiter } from './new-limiter';
import { type ConnectedRedis, REDIS_TOPOLOGIES } from './redis-topologies';

/** A limiter without history, and the time it lives in. */
export interface LimiterUnderTest {
  limiter: LimiterService;
  /** Lets time pass for every count. */
  elapse(seconds: number): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Every adapter that this machine can run, by name. */
export const LIMITERS: Record<string, () => Promise<LimiterUnderTest>> = {
  memory,
  ...Object.fromEntries(
    Object.entries(REDIS_TOPOLOGIES).map(([name, connect]) => [name, () => shared(connect)]),
  ),
};

async function memory(): Promise<LimiterUnderTest> {
  jest.useFakeTimers();
  return {
    limiter: newLimiter(),
    elapse: (seconds) => jest.advanceTimersByTimeAsync(seconds * 1000),
    close: async () => jest.useRealTimers(),
  };
}

async function shared(connect: () => Promise<ConnectedRedis>): Promise<LimiterUnderTest> {
  const { redis, close } = await connect();
  const age = async (key: string, seconds: number) =>
    redis.pexpire(key, (await redis.pttl(key)) - seconds * 1000);
  const withoutPrefix = (key: string) => key.slice(redis.options.keyPrefix!.length);
  const masters = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const keys = async () => (await Promise.all(masters.map((master) => master.keys('*')))).flat();
  return {
    limiter: newLimiter(redis),
    elapse: async (seconds) =>
      Promise.all((await keys()).map((key) => age(withoutPrefix(key), seconds))),
    close,
  };
}
