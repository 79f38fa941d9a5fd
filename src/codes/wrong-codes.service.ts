import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import type { RefusalReason } from '../common/refusal-reasons';
import {
  CHALLENGE_STORE,
  type ChallengeStore,
  type PastChallenge,
  type WrongCode,
} from './challenge-store';
import { RequestHandlesService } from './request-handles.service';

interface WrongGuess {
  readonly mobile: E164;
  readonly tags: readonly string[];
  readonly handle?: string;
  readonly wrong: WrongCode;
}

/**
 * Tells why a code did not work: nobody but operators. What is known is looked at after every wrong one, so that no answer
 * comes sooner or later for it.
 */
@Injectable()
export class WrongCodesService {
  constructor(
    @Inject(CHALLENGE_STORE) private readonly challenges: ChallengeStore,
    private readonly clock: Clock,
    private readonly handles: RequestHandlesService,
  ) {}

  /** @param guess that no challenge was found for. */
  async reasonFor({ mobile, tags, handle, wrong }: WrongGuess): Promise<RefusalReason> {
    const past = wrong.past ?? (await this.recent(mobile));
    const meant = past.find(({ tag }) => tags.includes(tag));
    if (meant?.isUsed) return 'used';
    // It would have worked but for the wrong ones before.
    if (meant) return +meant.expiresAt > this.clock.now() ? 'lane_exhausted' : 'expired';
    if (this.handles.isOfAnother(mobile, handle)) return 'other_number';
    return past.length === 0 ? 'never_sent' : 'wrong';
  }

  private recent(mobile: E164): Promise<PastChallenge[]> {
    return this.challenges.recent(mobile).catch(() => []);
  }
}
