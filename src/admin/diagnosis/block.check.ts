import { Injectable } from '@nestjs/common';
import { BlockGuardService } from '../../codes/blocks/block-guard.service';
import type { Check } from './check';
import type { SupportCase } from './support-case';
import { blocks, ok, type Verdict } from './verdict';

/** Whether an operator has shut the number or the network out, which looks like a limit. */
@Injectable()
export class BlockCheck implements Check {
  constructor(private readonly guard: BlockGuardService) {}

  look(about: SupportCase): Verdict {
    const block = this.guard.explain(about).find(({ scope }) => scope === 'all');
    if (!block) return ok('block');
    return blocks('block', {
      error_code: 'TOO_MANY_REQUESTS',
      until: new Date(block.until),
      evidence: { scope: block.scope },
      action: 'tandem block list; remove the block if it is not meant for this person',
    });
  }
}
