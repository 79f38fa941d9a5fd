import { parseSetCookie } from 'cookie';
import type { Answer, Client } from './client';

/** An origin that the server lists. */
export const PAGE = 'https://app.example.com';

interface Options {
  /** Which session the page means. */
  session?: string;
  /** Undefined takes one away. */
  headers?: Record<string, string | undefined>;
}

/** The cookies of a browser, sent along by a page of {@link PAGE} as `fetch` does there. */
export class BrowserJar {
  constructor(
    private readonly client: Client,
    public cookies: Readonly<Record<string, string>> = {},
  ) {}

  get header(): string {
    const pairs = Object.entries(this.cookies);
    return pairs.map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    { session = 'cookie', headers }: Options = {},
  ): Promise<Answer> {
    const all = { origin: PAGE, cookie: this.header, 'tandem-session': session, ...headers };
    const sent = Object.entries(all).filter((entry): entry is [string, string] =>
      Boolean(entry[1]),
    );
    const answer = await this.client.send(method, path, body, {
      headers: Object.fromEntries(sent),
    });
    this.keep(answer);
    return answer;
  }

  /** What `fetch` sends of a page there. */
  added(init: RequestInit): RequestInit {
    if (init.credentials !== 'include') return init;
    return { ...init, headers: { ...init.headers, origin: PAGE, cookie: this.header } };
  }

  /** What an answer sets, which may come late. */
  keep({ headers }: Pick<Answer, 'headers'>): void {
    for (const text of headers.getSetCookie()) {
      const { name, value, maxAge } = parseSetCookie(text);
      const { [name]: _before, ...others } = this.cookies;
      this.cookies = maxAge === 0 ? others : { ...others, [name]: value! };
    }
  }
}
