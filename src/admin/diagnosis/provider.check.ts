import { Injectable } from '@nestjs/common';
import { type ProviderOutlook, SmsSenderService } from '../../sms/sms-sender.service';
import type { Check } from './check';
import type { SupportCase } from './support-case';
import { blocks, ok, type Verdict, warns } from './verdict';

/** Which providers a message would be tried with, and whether one of them would be asked. */
@Injectable()
export class ProviderCheck implements Check {
  constructor(private readonly sender: SmsSenderService) {}

  async look({ mobile, now }: SupportCase): Promise<Verdict> {
    if (!mobile) return ok('provider');
    const route = await this.sender.outlookFor(mobile);
    const evidence = { route: route.map(shown) };
    const ready = route.filter(
      ({ openMs, throttledSeconds }) => openMs === null && !throttledSeconds,
    );
    if (ready.length === route.length) return ok('provider', { evidence });
    const open = route.flatMap(({ openMs }) => openMs ?? []);
    const found = {
      error_code: 'UNAVAILABLE',
      since: open.length > 0 ? new Date(now - Math.max(...open)) : null,
      evidence,
      action: 'log: SMS provider failed says why; credentials and balance open a breaker at once',
    } as const;
    return ready.length === 0 ? blocks('provider', found) : warns('provider', found);
  }
}

const shown = ({ provider, openMs, throttledSeconds }: ProviderOutlook) => ({
  provider,
  breaker: openMs === null ? 'closed' : 'open',
  throttled_seconds: throttledSeconds,
});
