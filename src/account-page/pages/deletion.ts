import { type AskedCaptcha, asking } from '../../login-page/forms';
import { type Html, html } from '../../login-page/html';
import { hidden, link, type Look } from '../../login-page/layout';
import type { Visit } from '../../login-page/visit';
import { accountWordsOf } from '../account-words';
import { accountDocument } from './document';
import { codeInput, filled, number, resendForm, type TriedCode } from './fields';

/** What was wrong with the form that was sent, which keeps its tick. */
export interface TriedDeletion {
  readonly error?: string;
  readonly captcha?: AskedCaptcha;
  readonly isSure?: boolean;
}

interface Deletion extends TriedDeletion {
  /** Masked. */
  readonly mobile: string;
  /** When the account is erased which is asked for now; undefined for at once. */
  readonly at?: string;
  /** For when it has been asked for before. */
  readonly pending?: string;
}

/** What will happen, and a box to be ticked before a code is sent for it. */
export function deletionPage(look: Look, visit: Visit, shown: Deletion): string {
  const { account: words } = accountWordsOf(visit);
  const { pending, error, captcha } = shown;
  const body = html`${pending === undefined ? ask(look, visit, shown) : keep(look, visit, pending)}
  ${link(look, visit, '/account', words.title)}`;
  const page = { heading: words.delete, body, error, captcha, path: '/account/deletion' };
  return accountDocument(look, visit, page);
}

function ask(look: Look, visit: Visit, { at, captcha, isSure, mobile }: Deletion): Html {
  const { form, account: words } = accountWordsOf(visit);
  const wanted = captcha && asking(form, captcha);
  const ticked = isSure && html` checked`;
  return html`<p>${at === undefined ? words.deleteNow : words.deleteHelp.replace('{date}', at)}</p>
    <form${wanted} method="post" action="${look.base}/account/deletion/code">
      ${hidden(visit)}
      <label class="check"
        ><input type="checkbox" name="sure" value="yes" required${ticked} />
        ${words.deleteSure}</label
      >
      <p>${filled(words.confirmHelp, 'number', number(mobile))}</p>
      <button>${form.send}</button>
    </form>`;
}

function keep(look: Look, visit: Visit, pending: string): Html {
  const { account: words } = accountWordsOf(visit);
  return html`<p>${words.deletion.replace('{date}', pending)}</p>
    <form method="post" action="${look.base}/account/deletion/cancel">
      ${hidden(visit)}<button>${words.keep}</button>
    </form>`;
}

interface SentForDeletion {
  /** Masked. */
  readonly mobile: string;
  readonly challenge: string;
  /** Seconds; unknown once a code was wrong. */
  readonly resendIn?: number;
}

/** The code does it: its message says so. */
export function deletionCodePage(
  look: Look,
  visit: Visit,
  { mobile, challenge, resendIn }: SentForDeletion,
  tried: TriedCode = {},
): string {
  const { form, account: words } = accountWordsOf(visit);
  const wanted = tried.captcha && asking(form, tried.captcha);
  const resent = { path: '/account/deletion/code', fields: { sure: 'yes' }, resendIn };
  const body = html`<p>${filled(form.sent, 'number', number(mobile))}</p>
    <form${wanted} method="post" action="${look.base}/account/deletion">
      ${hidden(visit, { challenge })} ${codeInput(form.code, tried)}
      <button class="danger">${words.delete}</button>
    </form>
    ${resendForm(look, visit, resent)} ${link(look, visit, '/account', words.title)}`;
  return accountDocument(look, visit, {
    heading: words.delete,
    body,
    error: tried.error,
    captcha: tried.captcha,
  });
}

/** Instead of the account, whose sessions have ended. */
export function deletedPage(look: Look, visit: Visit, at?: string): string {
  const { account: words } = accountWordsOf(visit);
  const body = html`<p>
      ${at === undefined ? words.deleted : words.deletion.replace('{date}', at)}
    </p>
    <p><a href="${visit.returnTo}">${words.back.replace('{app}', look.appName)}</a></p>`;
  return accountDocument(look, visit, { heading: words.delete, body });
}
