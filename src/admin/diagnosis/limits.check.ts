import { Injectable } from '@nestjs/common';
import { type Explained, LimiterService } from '../../codes/limiter.service';
import { Networks } from '../../common/networks';
import type { Check } from './check';
import { type SupportCase, wasAnswered } from './support-case';
import { blocks, ok, type Verdict, warns } from './verdict';

/** Each limit that a request of this person falls under, with what is left of it. */
@Injectable()
export class LimitsCheck implements Check {
  constructor(
    private readonly limiter: LimiterService,
    private readonly networks: Networks,
  ) {}

  async look(about: SupportCase): Promise<Verdict> {
    const { mobile, outlook, address, now } = about;
    if (!mobile || !outlook) return ok('limits');
    const networks = this.networks.of(address);
    const ofGuesses = await this.limiter.explain({ does: 'guess', mobile, networks });
    const limits = [...outlook.limits, ...ofGuesses];
    const evidence = { left: limits.map(shown) };
    const spent = limits.filter(({ empty, waitSeconds }) => empty === 'wait' && waitSeconds > 0);
    const longest = spent.toSorted((one, other) => other.waitSeconds - one.waitSeconds)[0];
    if (!longest) return ok('limits', { evidence });
    const found = {
      error_code: 'TOO_MANY_REQUESTS',
      until: new Date(now + longest.waitSeconds * 1000),
      evidence: { limit: longest.name, ...evidence },
      action: 'wait, or lift the limits of the number: tandem limits lift',
    } as const;
    // Within a minute of a message there is always one that is spent.
    const isOnlyPace = spent.every(({ name }) => name === 'code-cooldown');
    const isMeant = !isOnlyPace || wasAnswered(about, 'TOO_MANY_REQUESTS');
    return isMeant ? blocks('limits', found) : warns('limits', found);
  }
}

const shown = ({ name, used, points, waitSeconds, empty }: Explained) => ({
  limit: name,
  left: Math.max(0, points - used),
  of: points,
  wait: waitSeconds,
  when_empty: empty,
});
