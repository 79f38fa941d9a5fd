import { Twilio } from 'twilio';
import RequestClient from 'twilio/lib/base/RequestClient';
import type { Env } from '../../config/env';
import { isMessagingService } from '../../config/twilio-from';
import type { SmsMessage, SmsProvider } from '../sms-provider';
import { callProvider, SDK_TIMEOUT_MS } from './provider-call';
import { TWILIO_FAILURES } from './twilio.failures';

export class TwilioProvider implements SmsProvider {
  readonly name = 'twilio';
  private readonly sender: { from: string } | { messagingServiceSid: string };
  private readonly client: Twilio;

  constructor({ TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_ENDPOINT, TWILIO_FROM }: Env) {
    const from = TWILIO_FROM!;
    this.sender = isMessagingService(from) ? { messagingServiceSid: from } : { from };
    this.client = new Twilio(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, {
      httpClient: new EndpointClient(TWILIO_ENDPOINT),
    });
  }

  send({ to, text }: SmsMessage, signal: AbortSignal): Promise<string> {
    const create = async () => {
      const { sid } = await this.client.messages.create({ ...this.sender, to, body: text });
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
