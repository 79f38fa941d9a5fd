import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedSms {
  to: string;
  text: string;
  code: string;
  locale?: string;
  /** As received, for signature checks. */
  raw: { headers: IncomingHttpHeaders; body: string };
}

/** The phones: a receiver for `SMS_PROVIDERS=webhook` that keeps every message. */
export class SmsInbox {
  readonly messages: ReceivedSms[] = [];
  /** What the webhook answers; 0 means that it never does. */
  status = 200;
  /** What it answers for single numbers. */
  readonly statusOf = new Map<string, number>();
  /** The `Location` of its answers. */
  location = '';
  /** Their `Retry-After`. */
  retryAfter = '';
  /** How many messages came, also those that it did not take. */
  attempts = 0;
  /** How many messages it takes within a second; others are answered 429. */
  perSecond = Infinity;
  private readonly takenAt: number[] = [];
  private released = Promise.resolve();
  private readonly server = createServer(async (request, response) => {
    const body = await text(request);
    this.attempts += 1;
    await this.released;
    const message = JSON.parse(body);
    const status = this.isThrottled() ? 429 : (this.statusOf.get(message.to) ?? this.status);
    if (status === 0) return;
    if (status < 400) this.messages.push({ ...message, raw: { headers: request.headers, body } });
    const headers = { location: this.location, 'retry-after': this.retryAfter };
    response
      .writeHead(status, Object.fromEntries(Object.entries(headers).filter(([, value]) => value)))
      .end();
  });

  static async open(): Promise<SmsInbox> {
    const inbox = new SmsInbox();
    // A spec that fails before it closes this must not keep Jest waiting.
    inbox.server.listen(0, '127.0.0.1').unref();
    await once(inbox.server, 'listening');
    return inbox;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/sms`;
  }

  /** Answers nothing until the function that it returns is called. */
  hold(): () => void {
    let release!: () => void;
    this.released = new Promise((resolve) => (release = resolve));
    return release;
  }

  private isThrottled(): boolean {
    const before = performance.now() - 1000;
    const isThrottled = this.takenAt.filter((at) => at > before).length >= this.perSecond;
    if (!isThrottled) this.takenAt.push(performance.now());
    return isThrottled;
  }

  /** The code of the newest message to a number (E.164). */
  codeFor(mobile: string): string {
    const message = this.messages.findLast(({ to }) => to === mobile);
    if (!message) throw new Error('No message was sent to this number.');
    return message.code;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
