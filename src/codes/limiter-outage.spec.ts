import Redis from 'ioredis';
import { randomMobile } from '../../test/support/mobile';
import { isInstalled } from '../../test/support/servers/installed';
import type { PrivateServer } from '../../test/support/servers/private-server';
import { startRedis } from '../../test/support/servers/redis';
import { until } from '../../test/support/until';
import { newLimiter } from '../../test/support/new-limiter';
import type { LimiterService } from './limiter.service';
import { limitsWith } from './limits';

const { points } = limitsWith({})['guesses-per-number-and-network'];
const POINTS_WITHOUT_REDIS = 8;

(isInstalled('redis-server') ? describe : describe.skip)('the limiter without its Redis', () => {
  let server: PrivateServer;
  let redis: Redis;
  let limiter: LimiterService;

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url, {
      commandTimeout: 200,
      enableOfflineQueue: false,
      retryStrategy: () => 20,
    });
    redis.on('error', () => undefined);
    limiter = newLimiter(redis);
    await until(() => redis.status === 'ready');
  });
  afterAll(async () => {
    redis.disconnect();
    await server.remove();
  });

  it('allows less while Redis is down, and what Redis counted before once it is back', async () => {
    const mobile = randomMobile();
    const before = await takeUntilRefused(limiter, mobile, points - 1);

    await server.kill();
    await until(() => redis.status !== 'ready');
    const during = await takeUntilRefused(limiter, mobile);
    await server.restart();
    await until(() => redis.status === 'ready');
    const after = await takeUntilRefused(limiter, mobile);

    expect({ before, during, after }).toEqual({
      before: points - 1,
      during: POINTS_WITHOUT_REDIS,
      after: 1,
    });
  });

  it.each([
    ['full', 'maxmemory', '1', '0'],
    ['without its replicas', 'min-replicas-to-write', '1', '0'],
  ])('gives back what it took while Redis is %s', async (_, setting, faulty, usual) => {
    const charges = { 'guesses-per-number-and-network': randomMobile() } as const;
    await redis.config('SET', setting, faulty);

    for (let guess = 0; guess < 2 * POINTS_WITHOUT_REDIS; guess++) {
      const refund = await limiter.take(charges);
      await refund();
    }
    const left = await takeUntilRefused(limiter, charges['guesses-per-number-and-network']);
    await redis.config('SET', setting, usual);

    expect(left).toBe(POINTS_WITHOUT_REDIS);
  });

  it('counts on in this process while Redis hangs', async () => {
    const mobile = randomMobile();
    server.pause();

    const passed = await takeUntilRefused(limiter, mobile);
    server.resume();

    expect(passed).toBe(POINTS_WITHOUT_REDIS);
  });
});

/** Takes one point after the other, and counts those it gets. */
async function takeUntilRefused(limiter: LimiterService, mobile: string, most = 100) {
  for (let taken = 0; taken < most; taken++) {
    try {
      await limiter.take({ 'guesses-per-number-and-network': mobile });
    } catch (error) {
      expect(error).toMatchObject({ errorCode: 'TOO_MANY_REQUESTS' });
      return taken;
    }
  }
  return most;
}
