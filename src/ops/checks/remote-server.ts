import { once } from 'node:events';
import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { text } from 'node:stream/consumers';

/** Milliseconds for an answer in full. */
const TIMEOUT_MS = 3000;

export interface RemoteAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Empty when the answer is no JSON object. */
  readonly body: Record<string, unknown>;
}

interface Content {
  headers?: OutgoingHttpHeaders;
  /** Sent as JSON. */
  body?: object;
}

/**
 * A server as any client could reach it. Not `fetch`, which forbids some of the headers that an
 * attacker may send; and a connection for each request, so that a balancer may choose anew.
 */
export class RemoteServer {
  /** @param family the version of IP to use, so that the server sees one and the same address. */
  constructor(
    readonly url: URL,
    readonly family?: 4 | 6,
  ) {}

  get isLoopback(): boolean {
    return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(this.url.hostname);
  }

  get isAddress(): boolean {
    return isIP(this.url.hostname) > 0 || this.url.hostname.startsWith('[');
  }

  get(path: string, headers?: OutgoingHttpHeaders): Promise<RemoteAnswer> {
    return this.send('GET', path, { headers });
  }

  /** @throws Error with a sentence that says why there is no answer. Redirects are not followed. */
  async send(method: string, path: string, content: Content = {}): Promise<RemoteAnswer> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const request = this.open(method, path, content.headers, signal);
      if (content.body) request.setHeader('content-type', 'application/json');
      request.end(content.body && JSON.stringify(content.body));
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return await read(response);
    } catch (error) {
      const reason = signal.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : describe(error);
      throw new Error(reason, { cause: error });
    }
  }

  private open(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders = {},
    signal: AbortSignal,
  ): ClientRequest {
    const { url, family } = this;
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    // Exactly as it is given, where a URL would be tidied up.
    const target = url.pathname.replace(/\/*$/, '') + path;
    const opened = request(url, { method, path: target, headers, family, signal, agent: false });
    // An error after the head of the answer also fails its body, where it is awaited.
    return opened.on('error', () => undefined);
  }
}

async function read(response: IncomingMessage): Promise<RemoteAnswer> {
  const body = await text(response);
  const { statusCode: status = 0, headers } = response;
  return { status, headers, text: body, body: parse(body) };
}

function parse(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

const REASONS: Partial<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'the name has no address',
};

function describe(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}
