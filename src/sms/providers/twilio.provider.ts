import { Twilio } from 'twilio';
import RequestClient from 'twilio/lib/base/RequestClient';
import type { Env } from '../../config/env';
import { receiptsUrl } from '../../config/sms-settings';
import { isMessagingService } from '../../config/twilio-from';
import type { SmsMessage, SmsProvider } from '../sms-provider';
import { callProvider, SDK_TIMEOUT_MS } from './provider-call';
import { TWILIO_FAILURES } from './twilio.failures';

export class TwilioProvider implements SmsProvider {
  readonly name = 'twilio';
  private readonly sender: { from: string } | { messagingServiceSid: string };
  private readonly statusCallback?: string;
  private readonly client: Twilio;

  constructor(env: Env) {
    const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_ENDPOINT, TWILIO_FROM } = env;
    const from = TWILIO_FROM!;
    this.sender = isMessagingService(from) ? { messagingServiceSid: from } : { from };
    if (env.SMS_RECEIPTS?.includes('twilio')) this.statusCallback = receiptsUrl('twilio', env);
    this.client = new Twilio(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, {
      httpClient: new EndpointClient(TWILIO_ENDPOINT),
    });
  }

  send({ to, text }: SmsMessage, signal: AbortSignal): Promise<string> {
    const create = async () => {
      const message = { ...this.sender, to, body: text, statusCallback: this.statusCallback };
      const { sid } = await this.client.messages.create(message);
      return sid;
    };
    return callProvider(this.name, signal, create, TWILIO_FAILURES);
  }
}

/** The SDK knows the addresses of Twilio only. */
class EndpointClient extends RequestClient {
  constructor(private readonly endpoint: string | undefined) {
    super({ timeout: SDK_TIMEOUT_MS, autoRetry: false });
  }

  override request<T>(options: RequestClient.RequestOptions<T>) {
    if (!this.endpoint) return super.request(options);
    const { pathname, search } = new URL(options.uri);
    return super.request({ ...options, uri: new URL(pathname + search, this.endpoint).href });
  }
}
