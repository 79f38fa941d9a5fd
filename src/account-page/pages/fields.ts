import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile';
import type { AskedCaptcha } from '../../login-page/forms';
import { codeInput as anyCodeInput, described } from '../../login-page/inputs';
import { type Html, html, type Part } from '../../login-page/html';
import { hidden, type Look } from '../../login-page/layout';
import { timeIn } from '../../login-page/sentences';
import { type Visit, wordsOf } from '../../login-page/visit';

/** A number stands from left to right in every language; one that is masked has no spaces. */
export function number(mobile: string): Html {
  const isMasked = mobile.includes('*');
  const spaced = isMasked ? undefined : parsePhoneNumberFromString(mobile)?.formatInternational();
  return html`<bdi dir="ltr">${spaced ?? mobile}</bdi>`;
}

/** A sentence with something in the place of `{name}`. */
export function filled(sentence: string, name: string, part: Part): Html {
  const [before, after] = sentence.split(`{${name}}`);
  return html`${before}${part}${after}`;
}

/** What is wrong with a code that was typed, and the code again where it is to be sent with a captcha. */
export interface TriedCode {
  readonly error?: string;
  readonly captcha?: AskedCaptcha;
  readonly code?: string;
}

export const codeInput = (label: string, { error, captcha, code }: TriedCode = {}) =>
  anyCodeInput('', label, captcha && code, described('', error));

interface Resent {
  readonly path: string;
  readonly fields: Record<string, string>;
  /** Seconds; unknown once a code was wrong. */
  readonly resendIn?: number;
}

/** Under a code that was sent: another one, and what to do when none comes. */
export function resendForm(look: Look, visit: Visit, { path, fields, resendIn = 0 }: Resent): Html {
  const { form } = wordsOf(visit);
  return html`<form method="post" action="${look.base}${path}">
      ${hidden(visit, fields)}<button class="second">${form.resend}</button>
      ${resendIn > 0 && html`<p class="quiet">${form.resendIn.replace('{time}', timeIn(resendIn, visit))}</p>`}
    </form>
    <details>
      <summary>${form.helpTitle}</summary>
      <p>${form.help}</p>
    </details>`;
}

interface Secret {
  readonly label: string;
  readonly autocomplete: 'current-password' | 'new-password';
  readonly error?: string;
  readonly help?: string;
}

export function passwordInput(name: string, { label, autocomplete, error, help }: Secret): Html {
  return html`<label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="password"
      autocomplete="${autocomplete}"
      dir="ltr"
      required${described('', error)}
    />
    ${help && html`<p class="quiet">${help}</p>`}`;
}
