import type { Session } from './session.entity';

const QUARTER_HOUR_MS = 15 * 60_000;

/** What the list of sessions tells of time. */
export interface ShownTimes {
  readonly lastUsedAt: Date;
  /** When the session has ended by itself, if it is not used again. */
  readonly expiresAt: Date;
}

/**
 * To the quarter hour: whoever stole a token must not learn from the list when the owner comes and goes. What follows from
 * the last use is no more exact, and an end is never told too soon.
 *
 * @param idleSeconds after which a session ends that is not used; undefined without such a timeout.
 */
export function shownTimesOf(
  { createdAt, lastUsedAt, expiresAt }: Pick<Session, 'createdAt' | 'lastUsedAt' | 'expiresAt'>,
  idleSeconds = Infinity,
): ShownTimes {
  const usedAt = lastUsedAt.getTime();
  const shownMs = Math.max(createdAt.getTime(), usedAt - (usedAt % QUARTER_HOUR_MS));
  const idleMs = shownMs + QUARTER_HOUR_MS + idleSeconds * 1000;
  return {
    lastUsedAt: new Date(shownMs),
    expiresAt: new Date(Math.min(expiresAt.getTime(), idleMs)),
  };
}
