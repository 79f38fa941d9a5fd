import { LimiterService } from '../../src/codes/limiter.service';
import { limitsWith } from '../../src/codes/limits';
import { Clock } from '../../src/common/clock';
import { KeyRing } from '../../src/config/key-ring';
import type { RedisClient } from '../../src/storage/redis.service';

/** By the limits of docs/abuse.md. */
export function newLimiter(redis?: RedisClient): LimiterService {
  return new LimiterService(
    limitsWith({}),
    new Clock(),
    new KeyRing('the secret of a test'),
    redis,
  );
}
