import type { Bucket, Limited } from './limited';
import { SCOPES } from './limited';
import { type Counted, type Empty, type LimitName, LIMITS_ON, scopeOf } from './limits';

/**
 * The bucket to charge of each limit that a request falls under. With several, from narrow to broad as `Networks` tells
 * them, each may take four times as many points as the one before; null stands for one that is passed over.
 */
export type Charges = Partial<Record<LimitName, Bucket>>;

/** Which of the limits on a request: all, unless something is named. */
export interface Meant {
  readonly counts?: Counted | readonly Counted[];
  readonly empty?: Empty;
}

/** What a request falls under, by the table of limits. */
export function chargesOf(request: Limited, { counts, empty }: Meant = {}): Charges {
  const charges: Charges = {};
  for (const [name, [counted, , , by, who, meaning]] of LIMITS_ON[request.does]) {
    if (!isAmong(counts, counted) || !who(request)) continue;
    if (empty && empty !== (typeof meaning === 'function' ? meaning(request) : meaning)) continue;
    const bucket = SCOPES[by](request);
    if (bucket !== undefined) charges[name] = bucket;
  }
  return charges;
}

/** What was charged, without who: a text that {@link chargesOfNote} reads. */
export const noteOf = (charges: Charges): string =>
  Object.entries(charges)
    .map(([name, bucket]) => `${name}:${levelsOf(bucket).map(isCharged).join('')}`)
    .join(' ');

/** @param request for the same number, and from the same address; without one nothing that counts by it. */
export function chargesOfNote(note: string, request: Limited): Charges {
  const charges: Charges = {};
  for (const [, name, taken] of note.matchAll(NOTED)) {
    const bucket = SCOPES[scopeOf(name as LimitName)](request);
    const levels = bucket === undefined ? [] : levelsOf(bucket);
    charges[name as LimitName] = levels.map((level, at) => (taken![at] === '1' ? level : null));
  }
  return charges;
}

const NOTED = /([a-z-]+):([01]+)/g;

const levelsOf = (bucket: Bucket) => [bucket].flat();

const isCharged = (level: string | null) => (level === null ? 0 : 1);

function isAmong(counts: Meant['counts'], counted: Counted): boolean {
  return !counts || counts === counted || (typeof counts !== 'string' && counts.includes(counted));
}

export const areAny = (named: object) => Object.keys(named).length > 0;

/** Those of what is named by limit that these charges name. */
export const among = <T extends object>(named: T, charges: Charges) =>
  Object.fromEntries(Object.entries(named).filter(([name]) => name in charges)) as T;
