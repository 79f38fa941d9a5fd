import { type AskedCaptcha, asking } from '../../login-page/forms';
import { html } from '../../login-page/html';
import { hidden, link, type Look } from '../../login-page/layout';
import type { Visit } from '../../login-page/visit';
import type { Topic } from '../account';
import { accountWordsOf } from '../account-words';
import { accountDocument } from './document';
import { codeInput, filled, number, passwordInput, resendForm, type TriedCode } from './fields';

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
  captcha?: AskedCaptcha,
): string {
  const { form, account: words } = accountWordsOf(visit);
  const password = { label: form.password, autocomplete: 'current-password' } as const;
  const wanted = captcha && asking(form, captcha);
  const body = html`<form${wanted} method="post" action="${look.base}/account/confirm/code">
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
  return accountDocument(look, visit, { heading: words.confirmTitle, body, error, captcha });
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
  tried: TriedCode = {},
): string {
  const { form, account: words } = accountWordsOf(visit);
  const wanted = tried.captcha && asking(form, tried.captcha);
  const body = html`<p>${filled(form.sent, 'number', number(mobile))}</p>
    <form${wanted} method="post" action="${look.base}/account/confirm">
      ${hidden(visit, { topic, challenge })} ${codeInput(form.code, tried)}
      <button>${words.confirm}</button>
    </form>
    ${resendForm(look, visit, { path: '/account/confirm/code', fields: { topic }, resendIn })}
    ${link(look, visit, '/account', words.title)}`;
  return accountDocument(look, visit, {
    heading: words.confirmTitle,
    body,
    error: tried.error,
    captcha: tried.captcha,
  });
}
