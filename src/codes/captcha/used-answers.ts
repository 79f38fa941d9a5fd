import { createHash } from 'node:crypto';
import type { LimiterService, Refund } from '../limiter.service';

/** Uses an answer up, on all nodes. @returns null when it was before, else what makes it good again. */
export async function useAnswer(limiter: LimiterService, answer: string): Promise<Refund | null> {
  return limiter.takeIfLeft({
    'captcha-answers': createHash('sha256').update(answer).digest('hex'),
  });
}
