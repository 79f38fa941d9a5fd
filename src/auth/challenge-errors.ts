import { duplicateKey, isCollision } from '../storage/sql-errors';

/**
 * A deadlock, a number that a parallel first login registered, or an id that a node with the same
 * worker id took: a new attempt finds the user, or draws another id.
 */
export function isWorthRetrying(error: unknown): boolean {
  return isCollision(error) && !isConsumedChallenge(error);
}

export const isConsumedChallenge = (error: unknown) =>
  duplicateKey(error)?.endsWith('challenge_id') === true;
