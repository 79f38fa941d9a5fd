import type { E164 } from '../common/phone-number';
import type { Sql } from '../storage/sql';
import type { Action } from './actions';

/** Names, counts and ids: nothing personal. What is undefined is left out. */
export type Detail = Readonly<
  Record<string, string | number | boolean | readonly string[] | null | undefined>
>;

/** Who did it. */
export interface Actor {
  readonly kind: 'user' | 'operator' | 'service' | 'cli' | 'system' | 'anonymous';
  /** The id of a user, in a statement also as the column that holds it, or the name of a service or whoever gave a command. */
  readonly id?: string | Sql;
  /** What else is known of them, for the audit. */
  readonly detail?: Detail;
}

/** Where a request came from, as the audit keeps it. */
export interface Origin {
  /** As `coarseNetwork` names it. */
  readonly network: string;
  readonly requestId?: string;
}

/** What has changed. */
export interface Change {
  readonly action: Action;
  readonly actor: Actor;
  /** Whom it is about: an id, or the column that holds it in a statement with {@link when}. */
  readonly userId?: string | Sql;
  readonly sessionId?: string | Sql;
  readonly reason?: string;
  readonly detail?: Detail;
  readonly origin?: Origin;
  /** The number that it is about, where there is no user. */
  readonly mobile?: E164;
  /** What else erasing must take away. */
  readonly personal?: Readonly<Record<string, string>>;
  /** `FROM … WHERE …` of one row at most: without it the change did not happen. */
  readonly when?: Sql;
}

/** Who makes a change, and from where. */
export interface By {
  readonly actor: Actor;
  readonly origin?: Origin;
  /** In their words. */
  readonly reason?: string;
}

export const SYSTEM: Actor = { kind: 'system' };
export const ANONYMOUS: Actor = { kind: 'anonymous' };

/** What nobody asked for, or a host application in its own code. */
export const BY_SYSTEM: By = { actor: SYSTEM };

export const byUser = (id: string | Sql): Actor => ({ kind: 'user', id });
export const byService = (name: string): Actor => ({ kind: 'service', id: name });
