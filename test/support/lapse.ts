import { Challenge } from '../../src/codes/challenge.entity';
import { LimiterService } from '../../src/codes/limiter.service';
import type { LimitName } from '../../src/codes/limits';
import { SmsSenderService } from '../../src/sms/sms-sender.service';
import { Env } from '../../src/config/env';
import { REDIS, type RedisClient } from '../../src/storage/redis.service';
import { ownChallengeKey } from './challenge-key';
import type { TestApp } from './test-app';

/** Ends the window of one limit for a bucket, as waiting would; in this process alone while Redis is away. */
export async function lapseLimit(app: TestApp, limit: LimitName, bucket: string): Promise<void> {
  await app.nest
    .get(LimiterService)
    .reset({ [limit]: bucket })
    .catch(() => undefined);
}

/** Lets an address ask for a code to a number again at once. */
export async function lapseCooldown(
  app: TestApp,
  mobile: string,
  address = '127.0.0.1',
): Promise<void> {
  await lapseLimit(app, 'code-cooldown', `${mobile} ${address}`);
}

/** Forgets what failed at the providers. */
export function lapseBreakers(app: TestApp): void {
  app.nest.get(SmsSenderService)['breakers'].clear();
}

/** Lets `seconds` pass for the challenge of a number. */
export async function lapseCode(app: TestApp, mobile: string, seconds: number): Promise<void> {
  const milliseconds = seconds * 1000;
  if (app.nest.get(Env).hasRedis) return lapseInRedis(app.nest.get(REDIS), mobile, milliseconds);
  const challenges = app.sql.getRepository(Challenge);
  await challenges.decrement({ mobile: mobile as never }, 'expiresAt', milliseconds);
}

async function lapseInRedis(
  redis: RedisClient,
  mobile: string,
  milliseconds: number,
): Promise<void> {
  const key = ownChallengeKey(mobile);
  const { expires_at, ...challenge } = JSON.parse((await redis.get(key))!);
  const sooner = expires_at - milliseconds;
  await redis.set(key, JSON.stringify({ ...challenge, expires_at: sooner }), 'KEEPTTL');
  await redis.pexpire(key, (await redis.pttl(key)) - milliseconds);
}
