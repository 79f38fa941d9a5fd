import type { ApiException } from '../../common/errors';
import { movedForms, outcome, reassignedForms } from '../claim-forms';
import { type Html, html } from '../html';
import { document, type Look } from '../layout';
import { placeOf } from '../pages';
import { timeAt } from '../times';
import { type Visit, wordsOf } from '../visit';

/** What a right code is answered with in the place of a session. */
export type Question = Moved | Reassigned;

/** The account has another number now. */
interface Moved {
  readonly kind: 'moved';
  readonly ticket: string;
  /** How long the number is kept for the account; not known once the question was answered. */
  readonly until?: Date | null;
}

/** The account may be that of whoever had the number before. */
interface Reassigned {
  readonly kind: 'reassigned';
  readonly ticket: string;
}

export function questionIn({ errorCode, details }: ApiException): Question | undefined {
  const { ticket, reserved_until: until } = Object(details) as {
    ticket?: string;
    reserved_until?: Date | null;
  };
  if (ticket === undefined) return undefined;
  if (errorCode === 'NUMBER_MOVED') return { kind: 'moved', ticket, until };
  return errorCode === 'NUMBER_PERHAPS_REASSIGNED' ? { kind: 'reassigned', ticket } : undefined;
}

/** The ticket goes along with the forms: it is in no address. */
export function questionPage(look: Look, visit: Visit, question: Question, error?: string): string {
  const { form, claims } = wordsOf(visit);
  return question.kind === 'moved'
    ? document(look, visit, { heading: form.title, body: movedBody(look, visit, question), error })
    : document(look, visit, {
        heading: claims.question,
        body: reassignedForms(placeOf(look, visit), question.ticket),
        error,
      });
}

/** Nobody is logged in by it. */
export function undonePage(look: Look, visit: Visit, isContested: boolean): string {
  const { recovery, takenBack } = wordsOf(visit).claims;
  return outcomePage(look, visit, isContested ? recovery : takenBack);
}

/** @param until when its user may object. */
export function waitingPage(look: Look, visit: Visit, until: Date): string {
  const { waits } = wordsOf(visit).claims;
  return outcomePage(look, visit, waits.replace('{date}', timeAt(until, visit, null)));
}

/** After an answer: what it has come to, and the way to another login. */
export function outcomePage(look: Look, visit: Visit, sentence: string): string {
  const body = outcome(placeOf(look, visit), sentence);
  return document(look, visit, { heading: wordsOf(visit).form.title, body });
}

function movedBody(look: Look, visit: Visit, { ticket, until }: Moved): Html {
  const kept = until ? timeAt(until, visit, null) : undefined;
  return html`<p>${wordsOf(visit).errors.NUMBER_MOVED}</p>
    ${movedForms(placeOf(look, visit), ticket, kept)}`;
}
