import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile';
import type { ClaimPlace } from './claim-forms';
import { codeForm, numberForm, passwordForm, type Tried } from './forms';
import { html } from './html';
import type { Countries } from './inputs';
import { addressOf, document, hidden, type Look } from './layout';
import { timeIn } from './sentences';
import { type Visit, wordsOf } from './visit';

export interface Sent {
  /** In E.164. */
  readonly mobile: string;
  readonly challenge: string;
  /** Epoch milliseconds from which on another code may be asked for. */
  readonly resendAt: number;
}

/** A form may bring anything: nobody is told to wait longer than this. */
const LONGEST_WAIT_SECONDS = 86_400;

export function numberPage(
  look: Look,
  visit: Visit,
  countries: Countries,
  tried?: Tried<{ mobile: string; country: string }>,
): string {
  const body = html`<tandem-login
    >${numberForm(placeOf(look, visit), countries, tried)}</tandem-login
  >`;
  return document(look, visit, { heading: wordsOf(visit).form.title, body, path: '/login' });
}

export function codePage(
  look: Look,
  visit: Visit,
  sent: Sent,
  tried?: Tried<{ code: string }>,
): string {
  const { form: words } = wordsOf(visit);
  const { mobile, challenge, resendAt } = sent;
  const fields = { mobile, challenge, resend_at: String(resendAt) };
  const shown = { number: spaced(mobile), fields, wait: waitOf(visit, resendAt) };
  const body = html`<tandem-login>${codeForm(placeOf(look, visit), shown, tried)}</tandem-login>`;
  return document(look, visit, { heading: words.title, body, path: '/login/language', fields });
}

export function passwordPage(look: Look, visit: Visit, tried?: Tried<{ name: string }>): string {
  const body = html`<tandem-login>${passwordForm(placeOf(look, visit), tried)}</tandem-login>`;
  const heading = wordsOf(visit).form.title;
  return document(look, visit, { heading, body, path: '/login/password' });
}

/** Instead of a page for a link that leads nowhere of ours. */
export function badLinkPage(look: Look, visit: Visit): string {
  const { form: words } = wordsOf(visit);
  return document(look, visit, { heading: words.title, body: '', error: words.badLink });
}

export function placeOf(look: Look, visit: Visit): ClaimPlace {
  const { form: words, claims } = wordsOf(visit);
  return {
    words,
    claims,
    base: look.base,
    hasPasswords: look.hasPasswords,
    terms: look.terms,
    prefix: '',
    hidden: (more) => hidden(visit, more),
    linkTo: (path) => addressOf(look, visit, path),
  };
}

/** As people read numbers. A form may bring anything. */
const spaced = (mobile: string) =>
  parsePhoneNumberFromString(mobile)?.formatInternational() ?? mobile;

function waitOf(visit: Visit, resendAt: number): readonly [number, string] | undefined {
  const seconds = Math.ceil((resendAt - Date.now()) / 1000);
  if (!(seconds > 0 && seconds <= LONGEST_WAIT_SECONDS)) return undefined;
  return [seconds, wordsOf(visit).form.resendIn.replace('{time}', timeIn(seconds, visit))];
}
