import type { E164 } from '../common/phone-number';
import type { Challenge } from './challenge.entity';

/** Where challenges wait for their login. Both operations are atomic, on any number of nodes. */
export interface ChallengeStore {
  /** Stores `candidate` unless its number has a live challenge, and resolves to the live one. */
  open(candidate: Challenge): Promise<Challenge>;

  /**
   * Removes the live challenge of `mobile` whose tag is `tag`. Of any number of parallel calls at most
   * one gets it; null means that there is none.
   */
  consume(mobile: E164, tag: string): Promise<Challenge | null>;
}
