import { createTandem, TandemError } from '@tandem/client';
import { SERVER } from '../place.ts';
import { proveAgain } from './proof.ts';

export const tandem = createTandem({ url: SERVER, storage: 'cookie' });

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * A call of `/admin`. Where it wants a fresh proof, it asks the operator for one and goes on.
 *
 * @throws TandemError for everything but success.
 */
export async function ask<T>(method: Method, path: string, body?: object): Promise<T> {
  try {
    return await send<T>(method, path, body);
  } catch (error) {
    if (!isStepUp(error) || !(await proveAgain())) throw error;
    return send<T>(method, path, body);
  }
}

/** The same without a question: what is not open is an error. */
export async function send<T>(method: Method, path: string, body?: object): Promise<T> {
  const response = await fetchAs(method, path, body);
  if (response.status === 204) return undefined as T;
  const said = (await response.json().catch(() => ({}))) as Partial<Refusal>;
  if (response.ok) return said as T;
  throw errorIn(response, said);
}

export const isStepUp = (error: unknown): boolean =>
  error instanceof TandemError && error.errorCode === 'STEP_UP_REQUIRED';

async function fetchAs(method: Method, path: string, body?: object): Promise<Response> {
  try {
    return await tandem.fetch(path, {
      method,
      cache: 'no-store',
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
  } catch (cause) {
    throw cause instanceof TandemError ? cause : new TandemError('NO_ANSWER', { cause });
  }
}

interface Refusal {
  errorCode: TandemError['errorCode'];
  message: string | string[];
  limit: TandemError['limit'];
  retry_after: number;
  request_id: string;
}

export function errorIn({ status }: Response, said: Partial<Refusal>): TandemError {
  return new TandemError(said.errorCode ?? 'NO_ANSWER', {
    status,
    retryAfter: said.retry_after,
    limit: said.limit,
    requestId: said.request_id,
    problems: [said.message ?? []].flat(),
  });
}
