import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Env } from '../../config/env';
import type { SmsMessage, SmsProvider } from '../sms-provider';
import { Failures } from './failure-table';
import { callProvider } from './provider-call';
import { Refusal } from './sdk-error';

/** Before each retry. */
const BACKOFF_MS = [100, 300];
/** 422 is the receiver's answer for a number that it does not send to. */
const FAILURES = new Failures({ recipient: ['HTTP 422'] });

/**
 * Posts each message as JSON, signed as the Standard Webhooks specification says (symmetric `v1`
 * signature over id, timestamp and body), so that its libraries can verify it with the raw secret.
 */
export class WebhookProvider implements SmsProvider {
  readonly name = 'webhook';

  constructor(private readonly env: Env) {}

  /** @returns the `webhook-id`, the same for every attempt: the receiver can tell a retry from a new message. */
  send({ to, text, code, locale }: SmsMessage, signal: AbortSignal): Promise<string> {
    const id = `msg_${randomUUID()}`;
    const body = JSON.stringify({ to, text, code, locale });
    return callProvider(this.name, signal, () => this.postPatiently(id, body, signal), FAILURES);
  }

  private async postPatiently(id: string, body: string, signal: AbortSignal): Promise<string> {
    for (const pause of BACKOFF_MS) {
      const status = await this.post(id, body, signal).catch(() => undefined);
      signal.throwIfAborted();
      if (status !== undefined && status < 500) return accepted(id, status);
      await delay(pause, undefined, { signal });
    }
    return accepted(id, await this.post(id, body, signal));
  }

  private async post(id: string, body: string, signal: AbortSignal): Promise<number> {
    const response = await fetch(this.env.SMS_WEBHOOK_URL!, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.signature(id, body) },
      body,
      // The secret is shared with this address only.
      redirect: 'manual',
      signal,
    });
    await response.body?.cancel();
    return response.status;
  }

  private signature(id: string, body: string): Record<string, string> {
    const timestamp = Math.floor(Date.now() / 1000).toString();
    const mac = createHmac('sha256', this.env.SMS_WEBHOOK_SECRET!);
    mac.update(`${id}.${timestamp}.${body}`);
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${mac.digest('base64')}`,
    };
  }
}

function accepted(id: string, status: number): string {
  if (status < 200 || status >= 300) throw new Refusal(undefined, status);
  return id;
}
