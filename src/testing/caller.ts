export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies freely
  readonly body: any;
}

/** Somebody who is logged in. */
export interface TestUser extends Caller {
  readonly mobile: string;
  readonly token: string;
  readonly refresh_token: string;
  readonly is_new_user: boolean;
}

/** Sends requests over a real socket, as the bearer of a token if it has one. */
export class Caller {
  constructor(
    readonly url: string,
    private readonly bearer?: string,
  ) {}

  as(token: string): Caller {
    return new Caller(this.url, token);
  }

  get = (path: string) => this.send('GET', path);
  post = (path: string, body?: unknown) => this.send('POST', path, body);
  put = (path: string, body?: unknown) => this.send('PUT', path, body);
  patch = (path: string, body?: unknown) => this.send('PATCH', path, body);
  delete = (path: string) => this.send('DELETE', path);

  private async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.bearer && { authorization: `Bearer ${this.bearer}` }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && text;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  }
}
