import { createHmac, randomUUID } from 'node:crypto';
import type { SmsMessage, SmsProvider } from './sms-provider';

const TIMEOUT_MILLISECONDS = 5000;

/**
 * Posts each message as JSON, signed as the Standard Webhooks specification says (symmetric `v1`
 * signature over id, timestamp and body), so that its libraries can verify it with the raw secret.
 */
export class WebhookProvider implements SmsProvider {
  readonly name = 'webhook';

  constructor(
    private readonly url: string,
    private readonly secret: string,
  ) {}

  async send({ to, text, code, locale }: SmsMessage): Promise<void> {
    const body = JSON.stringify({ to, text, code, locale });
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.signature(body) },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The SMS webhook answered ${response.status}.`);
  }

  private signature(body: string): Record<string, string> {
    const id = `msg_${randomUUID()}`;
    const timestamp = Math.floor(Date.now() / 1000).toString();
    const mac = createHmac('sha256', this.secret).update(`${id}.${timestamp}.${body}`);
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${mac.digest('base64')}`,
    };
  }
}
