import { type AskedCaptcha, asking } from '../../login-page/forms';
import { type Countries, countryList, described, mobileInput } from '../../login-page/inputs';
import { html } from '../../login-page/html';
import { addressOf, hidden, link, type Look } from '../../login-page/layout';
import { timeIn } from '../../login-page/sentences';
import type { Visit } from '../../login-page/visit';
import { accountWordsOf } from '../account-words';
import { accountDocument } from './document';
import { codeInput, filled, number, type TriedCode } from './fields';

interface Asked {
  readonly countries: Countries;
  /** Seconds until a number changes that is proved; 0 for at once. */
  readonly delay: number;
  readonly typed?: { readonly mobile?: string; readonly country?: string };
  readonly error?: string;
  readonly captcha?: AskedCaptcha;
}

export function newNumberPage(look: Look, visit: Visit, asked: Asked): string {
  const { form, account: words } = accountWordsOf(visit);
  const { countries, delay, typed, error, captcha } = asked;
  const select = countryList('', form.country, countries, typed);
  const wanted = captcha && asking(form, captcha);
  const byCode = `${addressOf(look, visit, '/account/confirm')}&topic=number`;
  const body = html`<p>${words.newNumberHelp}</p>
    ${
      delay > 0 &&
      html`<p>
        ${words.newNumberDelay.replace('{time}', timeIn(delay, visit))}
        <a href="${byCode}">${words.byCode}</a>
      </p>`
    }
    <form${wanted} method="post" action="${look.base}/account/number/code">
      ${hidden(visit)} ${countries.named.length > 1 && select}
      ${mobileInput('', words.newNumber, typed?.mobile, described('', error))}
      <button>${form.send}</button>
    </form>
    ${link(look, visit, '/account', words.title)}`;
  return accountDocument(look, visit, {
    heading: words.changeNumber,
    body,
    error,
    captcha,
    path: '/account/number',
  });
}

export interface SentToNew {
  readonly id: string;
  /** In E.164. */
  readonly mobile: string;
  readonly challenge: string;
}

export function provePage(
  look: Look,
  visit: Visit,
  sent: SentToNew,
  tried: TriedCode = {},
): string {
  const { form, account: words } = accountWordsOf(visit);
  const { id, mobile, challenge } = sent;
  const wanted = tried.captcha && asking(form, tried.captcha);
  const body = html`<p>${filled(form.sent, 'number', number(mobile))}</p>
    <form${wanted} method="post" action="${look.base}/account/number">
      ${hidden(visit, { id, mobile, challenge })} ${codeInput(form.code, tried)}
      <button>${words.changeNumber}</button>
    </form>
    <form method="post" action="${look.base}/account/number/code">
      ${hidden(visit, { mobile })}<button class="second">${form.resend}</button>
    </form>
    ${link(look, visit, '/account/number', form.otherNumber)}
    ${link(look, visit, '/account', words.title)}`;
  return accountDocument(look, visit, {
    heading: words.changeNumber,
    body,
    error: tried.error,
    captcha: tried.captcha,
  });
}
