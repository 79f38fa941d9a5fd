import { Injectable } from '@nestjs/common';
import { BlockGuardService } from '../../codes/blocks/block-guard.service';
import { prefixOf } from '../../common/phone-number';
import type { Check } from './check';
import type { SupportCase } from './support-case';
import { blocks, ok, type Verdict } from './verdict';

/** Whether messages to numbers like this one are paused: by an operator, or because nobody uses their codes. */
@Injectable()
export class PauseCheck implements Check {
  constructor(private readonly guard: BlockGuardService) {}

  look(about: SupportCase): Verdict {
    const { mobile, outlook } = about;
    if (!mobile || !outlook) return ok('pause');
    const isStranger = outlook.asked.audience === 'fresh';
    const pause = this.guard
      .explain(about)
      .find(({ scope }) => scope === 'messages' || (scope === 'strangers' && isStranger));
    if (pause) {
      return blocks('pause', {
        error_code: 'SMS_PAUSED',
        until: new Date(pause.until),
        evidence: { by: 'operator', scope: pause.scope },
        action: 'tandem sms pauses; resume them',
      });
    }
    if (outlook.standing !== 'paused')
      return ok('pause', { evidence: { looks: outlook.standing } });
    return blocks('pause', {
      error_code: 'SMS_PAUSED',
      evidence: { by: 'monitor', prefix: prefixOf(mobile) },
      action:
        'too few codes of this prefix are used: tandem sms pauses; lift it if they are people',
    });
  }
}
