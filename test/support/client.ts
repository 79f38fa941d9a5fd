import { until } from './until';

/** An answer, with its JSON body. */
export interface Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- specs look into bodies freely
  body: any;
}

export interface TokenPair {
  token: string;
  refresh_token: string;
  token_type: string;
  expires_in: number;
  refresh_expires_in: number;
}

interface Options {
  /** Sent as Bearer. */
  token?: string;
  headers?: Record<string, string>;
  /** `manual` answers where others would be led on. */
  redirect?: RequestRedirect;
}

/** A REST client over a real socket. */
export class Client {
  constructor(readonly baseUrl: string) {}

  get = (path: string, options?: Options) => this.send('GET', path, undefined, options);
  post = (path: string, body?: unknown, options?: Options) =>
    this.send('POST', path, body, options);
  put = (path: string, body?: unknown, options?: Options) => this.send('PUT', path, body, options);
  patch = (path: string, body?: unknown, options?: Options) =>
    this.send('PATCH', path, body, options);
  delete = (path: string, options?: Options) => this.send('DELETE', path, undefined, options);

  /** Waits until requests may be sent here: right after its start a server may not have reached its stores. */
  async untilReady(): Promise<Answer> {
    let answer!: Answer;
    await until(async () => (answer = await this.get('/health/ready')).status === 200);
    return answer;
  }

  /** Objects go as JSON; strings and bytes go as they are, also when they are not JSON. */
  async send(method: string, path: string, body?: unknown, options: Options = {}): Promise<Answer> {
    const response = await fetch(this.baseUrl + path, {
      method,
      redirect: options.redirect,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
        ...options.headers,
      },
      body: isRaw(body) ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text ? JSON.parse(text) : text,
    };
  }
}

function isRaw(body: unknown): body is string | Uint8Array<ArrayBuffer> | undefined {
  return body === undefined || typeof body === 'string' || body instanceof Uint8Array;
}
