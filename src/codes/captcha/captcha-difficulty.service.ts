import { Injectable } from '@nestjs/common';
import { Networks } from '../../common/networks';
import { prefixOf } from '../../common/phone-number';
import { ConversionMonitorService } from '../../sms/conversion-monitor.service';
import { LimiterService } from '../limiter.service';
import type { Charges } from '../charges';
import { type Difficulty, HARDEST, type Solver } from './captcha';

/**
 * How hard a captcha is. One reason to suspect somebody is why there is a captcha at all, each further one doubles its
 * work. None depends on whether the number is a user's or has a code under way.
 */
@Injectable()
export class CaptchaDifficultyService {
  constructor(
    private readonly conversions: ConversionMonitorService,
    private readonly limiter: LimiterService,
    private readonly networks: Networks,
  ) {}

  /** @param isBeyondEasy of {@link easyOf}, where that is known. */
  async difficultyFor(solver: Solver, isBeyondEasy?: boolean): Promise<Difficulty> {
    // What is left of such a number is worth the most, and its strangers are answered 429 anyway.
    if (await this.areUsedUp({ 'codes-per-number': solver.mobile })) return HARDEST;
    const reasons = await Promise.all([
      this.areUsedUp({ 'easy-codes-per-address': this.networks.of(solver.address) }),
      isBeyondEasy ?? this.areUsedUp(this.easyOf(solver)),
      this.isPrefixSuspicious(solver),
    ]);
    const further = reasons.filter(Boolean).length - 1;
    return Math.min(Math.max(further, 0), HARDEST) as Difficulty;
  }

  /** What an answer counts as for who redeems it; beyond these captchas are harder. */
  easyOf({ address }: Solver): Charges {
    return { 'easy-captchas-per-address': this.networks.of(address) };
  }

  /** Whose codes are asked for without being used, by whomever. */
  private async isPrefixSuspicious({ mobile }: Solver): Promise<boolean> {
    if (await this.areUsedUp({ 'easy-codes-per-prefix': prefixOf(mobile) })) return true;
    return this.conversions.isDoubtful(mobile);
  }

  private async areUsedUp(charges: Charges): Promise<boolean> {
    return (await this.limiter.nextWait(charges)) > 0;
  }
}
