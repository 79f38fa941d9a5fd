import type { Api } from './api.ts';
import type { Environment } from './environment.ts';
import type { Kept } from './kept.ts';
import { proofOf, REFRESH } from './refresh-call.ts';

const RETRIES_MS = [1000, 4000];
/** Nothing is left to end: a token was too old, or the cookie is of another session by now. */
const REVOKED = new Set([204, 401, 409]);

/** Ends a session for the server. @returns whether that knows. */
export async function revoke(kept: Kept, api: Api, environment: Environment): Promise<boolean> {
  const call = { ...REFRESH, method: 'DELETE', keepalive: true, ...proofOf(kept) } as const;
  for (const wait of [...RETRIES_MS, 0]) {
    const answer = await api.send(call).catch(() => null);
    if (answer && REVOKED.has(answer.status)) return true;
    if (wait > 0) await new Promise<void>((done) => environment.after(wait, done));
  }
  return false;
}
