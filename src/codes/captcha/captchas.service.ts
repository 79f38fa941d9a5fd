import { Inject, Injectable, Optional } from '@nestjs/common';
import { Networks } from '../../common/networks';
import { MetricsService } from '../../observability/metrics.service';
import { LimiterService } from '../limiter.service';
import { CAPTCHA, type Captcha, type Solver } from './captcha';
import { CaptchaDifficultyService } from './captcha-difficulty.service';

/**
 * Captchas for numbers. An answer counts for the networks that redeem it, wherever it was fetched and solved: it has to
 * be as hard as a captcha that they would be given.
 */
@Injectable()
export class CaptchasService {
  constructor(
    @Optional() @Inject(CAPTCHA) private readonly captcha: Captcha | undefined,
    private readonly difficulty: CaptchaDifficultyService,
    private readonly limiter: LimiterService,
    private readonly metrics: MetricsService,
    private readonly networks: Networks,
  ) {}

  get areOff(): boolean {
    return this.captcha === undefined;
  }

  /**
   * What the widget needs, undefined when it needs nothing or there is no captcha.
   *
   * @throws ApiException `TOO_MANY_REQUESTS`.
   */
  async challengeFor(solver: Solver): Promise<object | undefined> {
    if (!this.captcha) return undefined;
    // Not its networks: one phone that changes its address would keep captchas from all who share them.
    const [address] = this.networks.of(solver.address);
    await this.limiter.take({ 'captchas-per-address': address });
    const difficulty = await this.difficulty.difficultyFor(solver);
    return this.captcha.challengeFor(solver.mobile, difficulty);
  }

  /** @throws ApiException `UNAVAILABLE`, see {@link Captcha.verify}. */
  async isSolved(answer: string | undefined, solver: Solver): Promise<boolean> {
    if (!this.captcha || !answer) return false;
    // Before, so that parallel answers are not all easy ones.
    const refund = await this.limiter.takeIfLeft(this.difficulty.easyOf(solver));
    let isSolved = false;
    try {
      const difficulty = await this.difficulty.difficultyFor(solver, refund === null);
      isSolved = await this.captcha.verify(answer, solver, difficulty);
      if (isSolved) this.metrics.captchaSolved(difficulty);
      return isSolved;
    } finally {
      if (!isSolved) await refund?.();
    }
  }
}
