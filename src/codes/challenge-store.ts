import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import type { Challenge } from './challenge.entity';

/** No store could tell whether a code is right: the guess told its caller nothing. */
export class UnjudgedError extends ApiException {
  constructor(cause: unknown) {
    super('UNAVAILABLE', { cause });
  }
}

/** Where challenges wait for their login. Both operations are atomic, on any number of nodes. */
export interface ChallengeStore {
  /**
   * Stores `candidate` unless its number has a live challenge, and resolves to the live one.
   *
   * @param spare takes the place of a candidate that may be stored elsewhere already, although no word of it
   *   came: one of the two would be left when the other is spent.
   */
  open(candidate: Challenge, spare?: Challenge): Promise<Challenge>;

  /**
   * Removes the live challenge of `mobile` whose tag is `tag`. Of any number of parallel calls at most
   * one gets it; null means that there is none.
   *
   * @throws UnjudgedError when the store that may know of one is away.
   */
  consume(mobile: E164, tag: string): Promise<Challenge | null>;
}
