import { html } from '../../login-page/html';
import { hidden, link, type Look } from '../../login-page/layout';
import { timeIn } from '../../login-page/sentences';
import type { Visit } from '../../login-page/visit';
import type { Topic } from '../account';
import { accountWordsOf } from '../account-words';
import { accountDocument } from './document';
import { codeInput, filled, number, passwordInput } from './fields';

export interface Confirmation {
  readonly topic: Topic;
  /** Masked. */
  readonly mobile: string;
  /** Whether a password will do. */
  readonly takesPassword: boolean;
}

/** Before what only the owner may do. */
export function confirmPage(
  look: Look,
  visit: Visit,
  { topic, mobile, takesPassword }: Confirmation,
  error?: string,
): string {
  const { form, account: words } = accountWordsOf(visit);
  const password = { label: form.password, autocomplete: 'current-password' } as const;
  const body = html`<form method="post" action="${look.base}/account/confirm/code">
      ${hidden(visit, { topic })}
      <p>${filled(words.confirmHelp, 'number', number(mobile))}</p>
      <button>${form.send}</button>
    </form>
    ${
      takesPassword &&
      html`<form method="post" action="${look.base}/account/confirm/password">
        ${hidden(visit, { topic })} ${passwordInput('password', password)}
        <button class="second">${words.byPassword}</button>
      </form>`
    }
    ${link(look, visit, '/account', words.title)}`;
  return accountDocument(look, visit, { heading: words.confirmTitle, body, error });
}

export interface SentToOwn {
  readonly challenge: string;
  /** Seconds; unknown once a code was wrong. */
  readonly resendIn?: number;
}

export function confirmCodePage(
  look: Look,
  visit: Visit,
  { topic, mobile }: Confirmation,
  { challenge, resendIn }: SentToOwn,
  error?: string,
): string {
  const { form, account: words } = accountWordsOf(visit);
  const body = html`<p>${filled(form.sent, 'number', number(mobile))}</p>
    <form method="post" action="${look.base}/account/confirm">
      ${hidden(visit, { topic, challenge })} ${codeInput(form.code, error)}
      <button>${words.confirm}</button>
    </form>
    <form method="post" action="${look.base}/account/confirm/code">
      ${hidden(visit, { topic })}<button class="second">${form.resend}</button>
      ${resendIn !== undefined && html`<p class="quiet">${form.resendIn.replace('{time}', timeIn(resendIn, visit))}</p>`}
    </form>
    <details>
      <summary>${form.helpTitle}</summary>
      <p>${form.help}</p>
    </details>
    ${link(look, visit, '/account', words.title)}`;
  return accountDocument(look, visit, { heading: words.confirmTitle, body, error });
}
