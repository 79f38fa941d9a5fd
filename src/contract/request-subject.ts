import type { E164 } from '../common/phone-number';

/** What a request is about: whoever finds out notes it here. */
export interface Subject {
  mobile?: E164;
  userId?: string;
  sessionId?: string;
}

const SUBJECT = Symbol('subject');

type Request = object & { [SUBJECT]?: Subject };

export function subjectOf(request: Request): Subject {
  return (request[SUBJECT] ??= {});
}

/** @returns undefined for a request that nobody has asked for its subject. */
export function knownSubjectOf(request: Request): Subject | undefined {
  return request[SUBJECT];
}

/** @param about of a caller: one that was not made of a request has none. */
export function noteSubject({ about }: { readonly about?: Subject }, subject: Subject): void {
  if (about) Object.assign(about, subject);
}
