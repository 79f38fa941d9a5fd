import { Injectable } from '@nestjs/common';
import type { SmsDelivery } from '../../sms/sms-delivery.entity';
import type { Check } from './check';
import type { SupportCase } from './support-case';
import { blocks, ok, type Verdict, warns } from './verdict';

/** What became of an older one tells nothing of now. */
const DAY_MS = 86_400_000;
const NOT_DELIVERED =
  'the person asks again: another provider is tried first; receipt_code is the word of this one';
const FAILED = {
  error_code: 'UNAVAILABLE',
  action: 'log: SMS provider failed, with the request id; then the person asks again',
} as const;

/** What no provider took. */
const NOT_TAKEN = {
  refused: {
    error_code: 'NUMBER_UNREACHABLE',
    action: 'the provider does not take this number: the person checks it, or uses another',
  },
  failed: FAILED,
  unknown: FAILED,
} as const;

/** What became of the last messages to the number. */
@Injectable()
export class DeliveryCheck implements Check {
  look({ deliveries, now }: SupportCase): Verdict {
    const [last] = deliveries;
    if (!last) return ok('delivery', { evidence: { messages: [] } });
    const found = { since: last.createdAt, evidence: { messages: deliveries.map(shown) } };
    const isOver = now - +last.createdAt > DAY_MS;
    if (isOver || last.verifiedAt || last.receipt === 'delivered') return ok('delivery', found);
    if (last.outcome === 'sent') {
      const isLost = last.receipt === 'failed';
      return (isLost ? blocks : warns)('delivery', { ...found, action: NOT_DELIVERED });
    }
    return blocks('delivery', { ...found, ...NOT_TAKEN[last.outcome] });
  }
}

const shown = (delivery: SmsDelivery) => ({
  at: delivery.createdAt.toISOString(),
  provider: delivery.provider,
  provider_message_id: delivery.providerMessageId,
  outcome: delivery.outcome,
  provider_code: delivery.failureCode,
  receipt: delivery.receipt,
  receipt_code: delivery.receiptCode,
  delivered_at: delivery.deliveredAt?.toISOString() ?? null,
  used_at: delivery.verifiedAt?.toISOString() ?? null,
});
