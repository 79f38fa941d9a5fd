import type { ApiException } from '../../common/errors';
import { type Html, html } from '../html';
import { document, hidden, link, type Look } from '../layout';
import { timeAt } from '../times';
import { type Visit, wordsOf } from '../visit';
import { CLAIM_WORDS } from './claim-words';

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
  const [heading, forms] =
    question.kind === 'moved'
      ? [wordsOf(visit).form.title, movedForms(look, visit, question)]
      : [CLAIM_WORDS[visit.lang].question, reassignedForms(look, visit, question)];
  const body = html`${forms} ${link(look, visit, '/login', wordsOf(visit).form.otherNumber)}`;
  return document(look, visit, { heading, body, error });
}

/** Nobody is logged in by it. */
export function undonePage(look: Look, visit: Visit, isContested: boolean): string {
  const { recovery, takenBack } = CLAIM_WORDS[visit.lang];
  return outcomePage(look, visit, isContested ? recovery : takenBack);
}

/** @param until when its user may object. */
export function waitingPage(look: Look, visit: Visit, until: Date): string {
  const { waits } = CLAIM_WORDS[visit.lang];
  return outcomePage(look, visit, waits.replace('{date}', timeAt(until, visit, null)));
}

/** After an answer: what it has come to, and the way to another login. */
export function outcomePage(look: Look, visit: Visit, sentence: string): string {
  const { form } = wordsOf(visit);
  const body = html`<p role="status">${sentence}</p>
    ${link(look, visit, '/login', form.logIn)}`;
  return document(look, visit, { heading: form.title, body });
}

function movedForms(look: Look, visit: Visit, { ticket, until }: Moved): Html {
  const words = CLAIM_WORDS[visit.lang];
  return html`<p>${wordsOf(visit).errors.NUMBER_MOVED}</p>
    <p>${words.takeBackHelp}</p>
    <form method="post" action="${look.base}/login/undo">
      ${hidden(visit, { ticket })}<button>${words.takeBack}</button>
    </form>
    ${
      until != null &&
      html`<details>
        <summary>${words.notMine}</summary>
        <p>${words.kept.replace('{date}', timeAt(until, visit, null))}</p>
      </details>`
    }`;
}

function reassignedForms(look: Look, visit: Visit, { ticket }: Reassigned): Html {
  const words = CLAIM_WORDS[visit.lang];
  return html`<p>${words.asked}</p>
    <form method="post" action="${look.base}/login/reassigned">
      ${hidden(visit, { ticket, mine: 'yes' })}
      <label for="password">${words.password}</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        dir="ltr"
        aria-describedby="without"
      />
      <p class="quiet" id="without">${words.withoutPassword}</p>
      <button>${words.mine}</button>
    </form>
    <form method="post" action="${look.base}/login/reassigned">
      ${hidden(visit, { ticket, mine: 'no' })}
      <p class="quiet">${words.freshHelp}</p>
      <button class="second">${words.fresh}</button>
    </form>`;
}
