import type { Clock } from '../../common/clock';
import { isSigned } from '../../common/standard-webhooks';
import type { Env } from '../../config/env';
import { type Receipt, receiptsOf, type ReceiptCall, type ReceiptSource } from './receipt';

const STATUSES: ReadonlySet<unknown> = new Set(['delivered', 'failed']);

/** `{id, status, code?, at?}`, signed with the secret that signs what the webhook gets. */
export class WebhookReceipts implements ReceiptSource {
  constructor(
    private readonly env: Env,
    private readonly clock: Clock,
  ) {}

  isGenuine({ headers, body }: ReceiptCall): boolean {
    return isSigned(headers, body, this.env.SMS_WEBHOOK_SECRET!, this.clock.now());
  }

  read(body: Buffer): Receipt[] {
    const { id, status, code, at } = Object(JSON.parse(body.toString())) as Record<string, unknown>;
    const known = STATUSES.has(status) ? (status as Receipt['status']) : undefined;
    const time = typeof at === 'string' ? Date.parse(at) : NaN;
    return receiptsOf(id, known, code, Number.isNaN(time) ? undefined : time);
  }
}
