import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RecordedRequest {
  method: string;
  /** With its query, as received. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON unless it is a string. */
  body?: string | object;
}

/** An API elsewhere: a server that keeps every request, and answers what it is told to. */
export class HttpRecorder {
  readonly requests: RecordedRequest[] = [];
  private answers: (Answer | 'hang' | 'reset')[] = [{}];
  private readonly server = createServer(async (request, response) => {
    const body = await text(request);
    const { method = '', url = '', headers } = request;
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
    this.requests.push({ method, path: url, headers, body });
    this.server.emit('recorded');
    if (answer === 'reset') request.socket.resetAndDestroy();
    if (typeof answer === 'string') return;
    const json = typeof answer.body === 'object';
    response.writeHead(answer.status ?? 200, {
      ...(json && { 'content-type': 'application/json' }),
      ...answer.headers,
    });
    response.end(json ? JSON.stringify(answer.body) : answer.body);
  });

  static async start(): Promise<HttpRecorder> {
    const recorder = new HttpRecorder();
    recorder.server.listen(0, '127.0.0.1');
    await once(recorder.server, 'listening');
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Forgets the requests, and answers the next ones so: the last answer stays. */
  answer(...answers: [Answer | 'hang' | 'reset', ...(Answer | 'hang' | 'reset')[]]): void {
    this.requests.length = 0;
    this.answers = answers;
  }

  /** Resolves with the next request, before it is answered. */
  async nextRequest(): Promise<RecordedRequest> {
    await once(this.server, 'recorded');
    return this.requests.at(-1)!;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
