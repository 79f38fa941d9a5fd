import type { RefreshedDto } from './contract.ts';
import { type Answer, errorOf, type TandemError } from './errors.ts';
import type { EndReason, Kept } from './kept.ts';

export const REFRESH = { method: 'PUT', path: '/auth/tokens' } as const;
/** The refusals that end a session. Every other answer means: the same request again, later. */
const ENDINGS: Partial<Record<TandemError['errorCode'], EndReason>> = {
  WRONG_REFRESH_TOKEN: 'session_ended',
  USER_DISABLED: 'user_disabled',
};

/** What shows whose session a call is about. */
export function proofOf({ refresh: token, key }: Kept) {
  return token === '' ? { session: key } : { token, idempotencyKey: key };
}

/** Portals answer, too: with success, and a page. */
export function refreshedIn({ status, body }: Answer): RefreshedDto | undefined {
  const isRefreshed =
    status === 201 && typeof (body as RefreshedDto | undefined)?.token === 'string';
  return isRefreshed ? (body as RefreshedDto) : undefined;
}

/** Only a successor has an expiry of its own. */
export const isRotated = ({ refresh_expires_in: life }: RefreshedDto) => life !== undefined;

/** @throws TandemError for a refusal that ends no session. */
export function endingIn(answer: Answer): EndReason {
  const error = errorOf(answer);
  const reason = answer.status === 403 ? ENDINGS[error.errorCode] : undefined;
  if (!reason) throw error;
  return reason;
}
