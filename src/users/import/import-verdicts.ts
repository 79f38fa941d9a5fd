import { RESERVED } from '../reserved-number';
import type { KnownUser } from './import.queries';
import type { ImportedUser } from './imported-user';
import type { SeenKeys } from './seen-keys';

/** A user, or why there is none. */
export interface Line {
  readonly line: number;
  readonly user: ImportedUser | string;
}

export type Verdict = 'fresh' | 'there' | { readonly reason: string };

/** Each key of a user may be in a file once, whatever becomes of the line. */
export function withoutRepetitions(lines: readonly Line[], seen: SeenKeys): Line[] {
  const keys = lines.flatMap(({ line, user }) =>
    typeof user === 'string'
      ? []
      : keysOf(user).map(([name, key]) => [`${name} ${key}`, line] as const),
  );
  const earlier = seen.note(keys);
  if (earlier.size === 0) return [...lines];
  return lines.map(({ line, user }) => {
    const repeated =
      typeof user !== 'string' &&
      keysOf(user).find(([name, key]) => earlier.has(`${line} ${name} ${key}`));
    if (!repeated) return { line, user };
    const [name, key] = repeated;
    return { line, user: `${name} is that of line ${earlier.get(`${line} ${name} ${key}`)}` };
  });
}

function keysOf({ mobile, externalId, username }: ImportedUser): [name: string, key: string][] {
  const keys = Object.entries({ mobile, external_id: externalId, username });
  return keys.filter((entry): entry is [string, string] => entry[1] !== null);
}

export function verdictsBy(known: readonly KnownUser[]): (user: ImportedUser) => Verdict {
  const byMobile = new Map(known.map((user) => [user.mobile, user]));
  const externalIds = new Set(known.map(({ externalId }) => externalId));
  const usernames = new Set(known.map(({ username }) => username));
  return ({ mobile, externalId, username }) => {
    const holder = byMobile.get(mobile);
    if (holder && isSame(holder, externalId)) return 'there';
    if (holder) return ofAnother('mobile');
    if (externalId !== null && externalIds.has(externalId)) return ofAnother('external_id');
    if (username !== null && usernames.has(username)) return ofAnother('username');
    return 'fresh';
  };
}

const isSame = (holder: KnownUser, externalId: string | null) =>
  holder.status !== RESERVED && [holder.externalId, null].includes(externalId);

const ofAnother = (name: string): Verdict => ({ reason: `${name} is another user's` });
