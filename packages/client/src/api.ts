import type { Environment } from './environment.ts';
import { type Answer, answerOf, successIn, TandemError } from './errors.ts';
import type { ServerClock } from './server-clock.ts';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** Sent as Bearer. */
  readonly token?: string;
  /** The session whose cookie goes along, or `cookie` for whichever it is of. Other calls send none. */
  readonly session?: string;
  readonly idempotencyKey?: string;
  /** Outlives the page. */
  readonly keepalive?: boolean;
}

/** How long an answer may take: less than proxies hold a request, and than what `SPACING_MS` of `token-age.ts` counts on. */
const TIMEOUT_MS = 20_000;

/** The server, one call at a time. Every answer sets the clock. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly fetch: Fetch,
    private readonly clock: ServerClock,
    private readonly environment: Environment,
  ) {}

  /** @throws TandemError for everything but success. */
  async ask<T>(call: Call): Promise<T> {
    return successIn(await this.send(call)) as T;
  }

  /** @throws TandemError `NO_ANSWER` only. */
  async send({ path, ...call }: Call): Promise<Answer> {
    const controller = new AbortController();
    const cancel = this.environment.after(TIMEOUT_MS, () => controller.abort());
    const isLate = this.lateness();
    try {
      const { signal } = controller;
      const response = await this.fetch(this.url + path, { ...requestOf(call), signal });
      const answer = await answerOf(response);
      if (isLate()) throw new Error('The device slept over the answer.');
      this.clock.hear(response.headers.get('date'));
      return answer;
    } catch (cause) {
      throw new TandemError('NO_ANSWER', { cause });
    } finally {
      cancel();
    }
  }

  /** Timers stand still while a device sleeps, and what is hours old tells no time and no lifetime. */
  private lateness(): () => boolean {
    const { environment } = this;
    const [wall, monotonic] = [environment.wall(), environment.monotonic()];
    const elapsed = () => Math.max(environment.wall() - wall, environment.monotonic() - monotonic);
    return () => elapsed() > 2 * TIMEOUT_MS;
  }
}

function requestOf({
  method,
  body,
  token,
  session,
  idempotencyKey,
  keepalive,
}: Omit<Call, 'path'>) {
  return {
    method,
    keepalive,
    cache: 'no-store' as const,
    credentials: session ? ('include' as const) : ('omit' as const),
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...(session && { 'tandem-session': session }),
      ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
    },
    ...(body && { body: JSON.stringify(body) }),
  };
}
