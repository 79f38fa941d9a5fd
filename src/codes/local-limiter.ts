import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

const takers = new WeakMap<RateLimiterRes, LocalLimiter>();

/** The limiter of this process that a point was taken from, when it was one. */
export const localTakerOf = (point: RateLimiterRes) => takers.get(point);

/** Counts in this process: from zero to the limit, whatever is refused or given back. */
export class LocalLimiter extends RateLimiterMemory {
  override async consume(key: string): Promise<RateLimiterRes> {
    try {
      const point = await super.consume(key);
      takers.set(point, this);
      return point;
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
