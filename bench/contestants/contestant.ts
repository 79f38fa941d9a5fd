import type { Dialect } from '../exchange';
import type { Stores } from '../stores';

/** One of those that are compared. */
export interface Contestant {
  readonly name: string;
  /** Why it cannot take part on this machine, in words; undefined when it can. */
  readonly hindrance?: () => string | undefined;
  start(stores: Stores): Promise<Entrant>;
}

/** A contestant that is up. */
export interface Entrant {
  readonly url: string;
  readonly pid: number;
  readonly dialect: Dialect;
  readonly data: Data;
  /** What is in its memory after a garbage collection, in bytes. Only Tandem tells. */
  liveMemory?(): Promise<number>;
  stop(): Promise<void>;
}

/** What lies in the stores of a contestant, put there past its server. */
export interface Data {
  /** Makes users of numbers, as if each had logged in long ago. @returns their ids. */
  addUsers(mobiles: string[]): Promise<string[]>;
  /** @returns the code of each number, as if it had been sent. */
  issueCodes(mobiles: string[]): Promise<string[]>;
  /** How many sessions are on disk. */
  countSessions(): Promise<number>;
}
