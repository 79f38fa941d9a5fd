import type { Fetch } from './api.ts';
import { answerOf, successIn, TandemError } from './errors.ts';
import type { Session } from './session.ts';

interface Repeatable {
  readonly url: string;
  send(token: string | null): Promise<Response>;
  /** Whether its body can be sent again. */
  readonly canRepeat: boolean;
}

/** `fetch` with the access token of the session, for the API that takes it and nobody else. */
export class AuthorizedRequests {
  /** @param origins those that may see the token. */
  constructor(
    private readonly session: Session,
    private readonly doFetch: Fetch,
    private readonly base: string,
    private readonly origins: ReadonlySet<string>,
  ) {}

  /**
   * Sends once more with the next token after a 401, unless the body is a stream. Without a session there is no token.
   *
   * @throws TandemError when the token has expired and the next one cannot be had now; what `fetch` throws.
   */
  async fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const request = this.repeatable(input, init);
    if (!this.origins.has(new URL(request.url).origin)) return request.send(null);
    const token = await this.session.token();
    const response = await request.send(token);
    if (response.status !== 401 || token === null) return response;
    const next = await this.session.tokenAfter(token).catch(() => null);
    if (next === null || next === token || !request.canRepeat) return response;
    await response.body?.cancel();
    return request.send(next);
  }

  /** @throws TandemError for everything but success. */
  async ask<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.fetch(path, {
      method,
      cache: 'no-store',
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    }).catch((cause: unknown) => {
      throw cause instanceof TandemError ? cause : new TandemError('NO_ANSWER', { cause });
    });
    return successIn(await answerOf(response)) as T;
  }

  private repeatable(input: string | URL | Request, init: RequestInit): Repeatable {
    if (typeof input === 'object' && 'clone' in input) {
      const send = (token: string | null) =>
        this.doFetch(input.clone(), {
          ...init,
          headers: headersFor(init.headers ?? input.headers, token),
        });
      return { url: input.url, send, canRepeat: !isStream(init.body) };
    }
    const text = String(input);
    const url = text.startsWith('/') ? this.base + text : text;
    const send = (token: string | null) =>
      this.doFetch(url, { ...init, headers: headersFor(init.headers, token) });
    return { url, send, canRepeat: !isStream(init.body) };
  }
}

function headersFor(given: HeadersInit | undefined, token: string | null): Headers {
  const headers = new Headers(given);
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  return headers;
}

const isStream = (body: RequestInit['body']) =>
  typeof ReadableStream !== 'undefined' && body instanceof ReadableStream;
