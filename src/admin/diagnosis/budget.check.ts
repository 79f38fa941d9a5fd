import { Injectable } from '@nestjs/common';
import { countryOf } from '../../common/phone-number';
import { SmsBudgetService } from '../../sms/sms-budget.service';
import { SmsSenderService } from '../../sms/sms-sender.service';
import type { Check } from './check';
import type { SupportCase } from './support-case';
import { blocks, ok, type Verdict } from './verdict';

/** Whether there is money for a message. */
@Injectable()
export class BudgetCheck implements Check {
  constructor(
    private readonly budget: SmsBudgetService,
    private readonly sender: SmsSenderService,
  ) {}

  async look({ mobile, outlook, now }: SupportCase): Promise<Verdict> {
    if (!mobile || !outlook) return ok('budget');
    const [first] = await this.sender.outlookFor(mobile);
    const { audience, origin } = outlook.asked;
    const { isBeyondShare } = outlook;
    const charge = { to: mobile, country: countryOf(mobile), audience, isBeyondShare, ...origin };
    const refusal = first && (await this.budget.refusalOf({ ...charge, price: first.price }));
    const evidence = { asks_as: audience, reason: refusal?.reason ?? null };
    if (!refusal) return ok('budget', { evidence });
    return blocks('budget', {
      error_code: refusal.errorCode,
      until: new Date(now + (refusal.retryAfter ?? 0) * 1000),
      evidence,
      action:
        refusal.reason === 'network_share'
          ? 'codes asked for in this network are not used: NETWORK_SHARE'
          : 'wait until some has flowed in, or raise SMS_BUDGET_DAILY',
    });
  }
}
