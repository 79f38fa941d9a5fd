import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

/** Counts in this process: from zero to the limit, whatever is refused or given back. */
export class LocalLimiter extends RateLimiterMemory {
  override async consume(key: string): Promise<RateLimiterRes> {
    try {
      return await super.consume(key);
    } catch (refusal) {
      await super.reward(key);
      throw refusal;
    }
  }

  /** Adds nothing to a window that has begun since, and leaves none that has no point taken. */
  override async reward(key: string): Promise<RateLimiterRes> {
    const count = await super.reward(key);
    if (count.consumedPoints <= 0) await this.delete(key);
    return count;
  }
}
