import { Injectable } from '@nestjs/common';
import { countryOf, type E164 } from '../common/phone-number';
import { ConversionMonitorService, type Standing } from '../sms/conversion-monitor.service';
import type { Origin } from '../sms/network-history.service';
import { SmsBudgetService } from '../sms/sms-budget.service';
import type { Audience } from '../sms/sms-delivery.entity';

/** How a request looks beside others. */
export interface Look {
  readonly standing: Standing;
  /** Whether it is beyond the share of networks of many people. */
  readonly isBeyondShare: boolean;
}

interface Seen {
  readonly audience: Audience;
  readonly mobile: E164;
  readonly origin: Origin;
}

/** How requests for a code look beside what others have asked for: those of owners are as good as they are many. */
@Injectable()
export class SendLooksService {
  constructor(
    private readonly budget: SmsBudgetService,
    private readonly conversions: ConversionMonitorService,
  ) {}

  lookAt(seen: Seen): Promise<Look> {
    return this.weigh(seen, (mobile, origin) => this.conversions.standingOf(mobile, origin));
  }

  /** The same for who only wants to know. */
  explain(seen: Seen): Promise<Look> {
    return this.weigh(seen, (mobile, origin) => this.conversions.explain(mobile, origin));
  }

  /** Whether it is beyond the share of its networks, where they are those of many people. */
  isBeyondShare({ mobile, origin }: Seen): Promise<boolean> {
    return this.budget.isBeyondShare(origin, countryOf(mobile));
  }

  private async weigh(
    { audience, mobile, origin }: Seen,
    judge: (mobile: E164, origin: Origin) => Promise<Standing>,
  ): Promise<Look> {
    if (audience !== 'fresh') return { standing: 'good', isBeyondShare: false };
    const country = countryOf(mobile);
    // In one turn, so that they go to the database in one call.
    const [standing, isBeyondShare, isTight] = await Promise.all([
      judge(mobile, origin),
      this.budget.isBeyondShare(origin, country),
      this.budget.isTight(country),
    ]);
    if (standing === 'paused') return { standing, isBeyondShare: false };
    if (isBeyondShare) return { standing: 'crowded', isBeyondShare };
    return { standing: isTight && standing === 'good' ? 'suspicious' : standing, isBeyondShare };
  }
}

/** While the networks around a stranger have used up theirs. */
export const crowded = (look: Look): Look =>
  look.standing === 'paused' ? look : { ...look, standing: 'crowded' };
