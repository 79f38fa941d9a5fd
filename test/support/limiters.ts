import Redis from 'ioredis';
import { LimiterService } from '../../src/codes/limiter.service';
import { limitsWith } from '../../src/codes/limits';
import { freshStores, MODES } from './stores';

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
  ...(MODES.includes('standard') && { Redis: shared }),
};

async function memory(): Promise<LimiterUnderTest> {
  jest.useFakeTimers();
  return {
    limiter: new LimiterService(limitsWith({})),
    elapse: (seconds) => jest.advanceTimersByTimeAsync(seconds * 1000),
    close: async () => jest.useRealTimers(),
  };
}

async function shared(): Promise<LimiterUnderTest> {
  const { REDIS_URL } = await freshStores('standard');
  const redis = new Redis(REDIS_URL!);
  await redis.ping();
  const age = async (key: string, seconds: number) =>
    redis.pexpire(key, (await redis.pttl(key)) - seconds * 1000);
  return {
    limiter: new LimiterService(limitsWith({}), redis),
    elapse: async (seconds) => Promise.all((await redis.keys('*')).map((key) => age(key, seconds))),
    close: () => redis.quit(),
  };
}
