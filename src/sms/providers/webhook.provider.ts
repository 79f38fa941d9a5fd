import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { signedHeaders } from '../../common/standard-webhooks';
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
  send(message: SmsMessage, signal: AbortSignal): Promise<string> {
    const id = `msg_${randomUUID()}`;
    const { to, text, locale } = message;
    const about =
      'code' in message
        ? { code: message.code, purpose: message.purpose }
        : { notice: message.notice };
    const body = JSON.stringify({ to, text, ...about, locale });
    return callProvider(this.name, signal, () => this.postPatiently(id, body, signal), FAILURES);
  }

  private async postPatiently(id: string, body: string, signal: AbortSignal): Promise<string> {
    for (const pause of BACKOFF_MS) {
      const response = await this.post(id, body, signal).catch(() => undefined);
      signal.throwIfAborted();
      if (response && response.status < 500) return accepted(id, response);
      await delay(pause, undefined, { signal });
    }
    return accepted(id, await this.post(id, body, signal));
  }

  private async post(id: string, body: string, signal: AbortSignal): Promise<Response> {
    const signed = signedHeaders({ id, at: Date.now(), body }, [this.env.SMS_WEBHOOK_SECRET!]);
    const response = await fetch(this.env.SMS_WEBHOOK_URL!, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed },
      body,
      // The secret is shared with this address only.
      redirect: 'manual',
      signal,
    });
    await response.body?.cancel();
    return response;
  }
}

function accepted(id: string, { ok, status, headers }: Response): string {
  if (!ok) {
    const $response = { headers: Object.fromEntries(headers) };
    throw new Refusal(undefined, status, undefined, $response);
  }
  return id;
}
