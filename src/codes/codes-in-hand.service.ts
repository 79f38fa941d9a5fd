import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import { ApiException, type ErrorCode } from '../common/errors';
import { CHALLENGE_STORE, type ChallengeStore } from './challenge-store';
import { chargesOf } from './charges';
import { owners } from './limited';
import { LimiterService } from './limiter.service';
import { RequestHandlesService } from './request-handles.service';
import type { Asked, SendRequest } from './send-request';

export interface SentCode {
  /** Seconds until the code expires. */
  expiresIn: number;
  /** Seconds until this caller may send to this number again. */
  resendIn: number;
  /** Of this request: see {@link RequestHandlesService}. */
  handle: string;
}

/** What holds a message back, and not the code that was sent before. */
const HELD_BACK: ReadonlySet<ErrorCode> = new Set([
  'TOO_MANY_REQUESTS',
  'SMS_BUDGET_SPENT',
  'SMS_PAUSED',
]);

/**
 * Lets owners enter a code that they have, when nothing may be sent to them: whoever uses up the messages of a number, or the
 * money, does not keep out the one who holds the phone. Strangers are told the same as ever.
 */
@Injectable()
export class CodesInHandService {
  constructor(
    @Inject(CHALLENGE_STORE) private readonly challenges: ChallengeStore,
    private readonly clock: Clock,
    private readonly handles: RequestHandlesService,
    private readonly limiter: LimiterService,
  ) {}

  /** @returns null for strangers, while no code is under way, and for who has asked within the last minute. */
  async insteadOf(refusal: unknown, asked: Asked, request: SendRequest): Promise<SentCode | null> {
    const isHeldBack = refusal instanceof ApiException && HELD_BACK.has(refusal.errorCode);
    if (!isHeldBack || !owners(asked)) return null;
    if (await this.limiter.isSpent(chargesOf(asked, { counts: 'pace' }))) return null;
    const until = await this.challenges.liveUntil(asked.mobile);
    if (!until) return null;
    const expiresIn = Math.ceil((until.getTime() - this.clock.now()) / 1000);
    const handle = await this.handles.issueInHand(request, expiresIn);
    return { expiresIn, resendIn: refusal.retryAfter ?? 0, handle };
  }
}
