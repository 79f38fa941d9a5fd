import type { CodePurpose } from '../common/code-purposes';
import type { E164 } from '../common/phone-number';

/** What a code is for that logs nobody in. */
export interface Purpose {
  readonly kind: CodePurpose;
  /** What its challenge stands under, in place of the number: so it is not found by that, and is another code. */
  readonly subject: E164;
}

export const changeOf = (changeId: string): Purpose => ({
  kind: 'mobile_change',
  subject: subject('#', changeId),
});

/** Of the user of a session: who has deleted themselves by it has no such session any more. */
export const deletionIn = (sessionId: string): Purpose => ({
  kind: 'deletion',
  subject: subject('!', sessionId),
});

const subject = (sign: string, id: string) => `${sign}${BigInt(id).toString(36)}` as E164;
