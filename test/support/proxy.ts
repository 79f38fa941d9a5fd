import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a proxy does to what passes through it. */
export interface Meddling {
  /** Changes the headers of requests. */
  inbound?: (headers: OutgoingHttpHeaders) => void;
  /** Changes the headers of answers. */
  outbound?: (headers: OutgoingHttpHeaders, asked: IncomingMessage) => void;
  /** Answers in place of the server, or cuts the connection. Undefined lets the request pass. */
  instead?: (asked: IncomingMessage) => { status: number; text?: string } | 'cut' | undefined;
}

/** A proxy in front of a server. It names no client address unless `meddling` does. */
export class Proxy {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async before(target: string, meddling: Meddling = {}): Promise<Proxy> {
    const server = createServer((asked, answer) => {
      const instead = meddling.instead?.(asked);
      if (instead === 'cut') return answer.destroy();
      if (instead) return answer.writeHead(instead.status).end(instead.text);
      const headers: OutgoingHttpHeaders = { ...asked.headers };
      meddling.inbound?.(headers);
      const forwarded = request(target + asked.url!, { method: asked.method, headers });
      forwarded.once('response', (response) => {
        const answered: OutgoingHttpHeaders = { ...response.headers };
        meddling.outbound?.(answered, asked);
        answer.writeHead(response.statusCode!, answered);
        response.pipe(answer);
      });
      return asked.pipe(forwarded);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new Proxy(server, (server.address() as AddressInfo).port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
