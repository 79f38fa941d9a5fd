import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

export interface ReceivedCall {
  headers: IncomingHttpHeaders;
  body: string;
  id: string;
  event: { id: string; type: string; timestamp: string; data: Record<string, unknown> };
}

/** What it answers: a status with its headers, nothing at all, or the end of the connection. */
export type Behaviour =
  number | 'hang' | 'reset' | [status: number, headers: Record<string, string>];

/** Somebody who is told of events. */
export class WebhookReceiver {
  readonly calls: ReceivedCall[] = [];
  /** Asked for each call. */
  behave: (call: ReceivedCall) => Behaviour = () => 204;
  private readonly server: Server;

  private constructor(tls?: { cert: string; key: string }) {
    const server = tls ? createTlsServer(tls) : createServer();
    this.server = server.on('request', (request, response) => void this.receive(request, response));
  }

  static async open(tls?: { cert: string; key: string }): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(tls);
    receiver.server.listen(0, '127.0.0.1').unref();
    await once(receiver.server, 'listening');
    return receiver;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request).catch(() => '');
    const { headers } = request;
    const event = JSON.parse(body || '{}');
    const call = { headers, body, id: String(headers['webhook-id']), event };
    this.calls.push(call);
    const behaviour = this.behave(call);
    if (behaviour === 'reset') request.socket.destroy();
    if (typeof behaviour === 'string') return;
    const [status, more] = [behaviour].flat(1) as [number, Record<string, string>?];
    response.writeHead(status, more).end('ok');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  of(type: string): ReceivedCall[] {
    return this.calls.filter(({ event }) => event.type === type);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Whether a call is signed by a secret as it was shown, whatever the time is. */
export function isSignedBy(secret: string, { headers, body, id }: ReceivedCall): boolean {
  const at = new Date(Number(headers['webhook-timestamp']) * 1000);
  const signature = new Webhook(secret).sign(id, at, body);
  return String(headers['webhook-signature']).split(' ').includes(signature);
}
