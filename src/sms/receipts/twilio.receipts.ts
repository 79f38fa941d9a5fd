import { createHmac } from 'node:crypto';
import type { Env } from '../../config/env';
import { receiptsUrl } from '../../config/sms-settings';
import { isSame } from '../../common/is-same';
import { type Receipt, receiptsOf, type ReceiptCall, type ReceiptSource } from './receipt';

const STATUSES: Readonly<Record<string, Receipt['status']>> = {
  delivered: 'delivered',
  failed: 'failed',
  undelivered: 'failed',
};

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security: the address and the sorted form, by the auth token. */
export class TwilioReceipts implements ReceiptSource {
  private readonly url: string;
  private readonly token: string;

  constructor(env: Env) {
    this.url = receiptsUrl('twilio', env)!;
    this.token = env.TWILIO_AUTH_TOKEN!;
  }

  isGenuine({ headers, body }: ReceiptCall): boolean {
    const fields = [...new URLSearchParams(body.toString())];
    const text = fields
      .toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)))
      .map(([name, value]) => name + value)
      .join('');
    const mac = createHmac('sha1', this.token).update(this.url + text);
    return isSame(mac.digest('base64'), String(headers['x-twilio-signature'] ?? ''));
  }

  read(body: Buffer): Receipt[] {
    const form = new URLSearchParams(body.toString());
    const status = STATUSES[form.get('MessageStatus') ?? ''];
    return receiptsOf(form.get('MessageSid'), status, form.get('ErrorCode'));
  }
}
