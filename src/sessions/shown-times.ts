import type { Session } from './session.entity';

const QUARTER_HOUR_MS = 15 * 60_000;

/** What the list of sessions tells of time. */
export interface ShownTimes {
  readonly lastUsedAt: Date;
  /** When the session has ended by itself, if it is not used again. */
  readonly expiresAt: Date;
}

/** To the quarter hour: whoever stole a token must not learn from a list when the owner comes and goes. */
export function shownUseOf({ createdAt, lastUsedAt }: Pick<Session, 'createdAt' | 'lastUsedAt'>) {
  const usedAt = lastUsedAt.getTime();
  return new Date(Math.max(createdAt.getTime(), usedAt - (usedAt % QUARTER_HOUR_MS)));
}

/**
 * The last use as {@link shownUseOf} tells it. What follows from it is no more exact, and an end is never told too soon.
 *
 * @param idleSeconds after which a session ends that is not used; undefined without such a timeout.
 */
export function shownTimesOf(
  session: Pick<Session, 'createdAt' | 'lastUsedAt' | 'expiresAt'>,
  idleSeconds = Infinity,
): ShownTimes {
  const lastUsedAt = shownUseOf(session);
  const idleMs = lastUsedAt.getTime() + QUARTER_HOUR_MS + idleSeconds * 1000;
  return { lastUsedAt, expiresAt: new Date(Math.min(session.expiresAt.getTime(), idleMs)) };
}
