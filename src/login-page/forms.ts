import { type Html, html } from './html';
import { codeInput, type Countries, countryList, described, mobileInput } from './inputs';

type Word =
  | 'number'
  | 'country'
  | 'send'
  | 'code'
  | 'sent'
  | 'logIn'
  | 'resend'
  | 'resendIn'
  | 'otherNumber'
  | 'byPassword'
  | 'byCode'
  | 'name'
  | 'password'
  | 'helpTitle'
  | 'help'
  | 'checking'
  | 'agree';

/** Where forms are shown: on the page of the server, or by `<tandem-login>` in the page of an application. */
export interface Place {
  readonly words: Readonly<Record<Word, string>>;
  /** The path in front of all routes. */
  readonly base: string;
  readonly hasPasswords: boolean;
  /** Those that a login by code agrees to, where people can read them. */
  readonly terms?: { readonly version: string; readonly url: string };
  /** In front of each id, which is to be the only one of its page. */
  readonly prefix: string;
  /** What goes along with each form. */
  hidden(more?: Record<string, string>): Html[];
  /** The address of another form. */
  linkTo(path: '/login' | '/login/password'): string;
}

export type Step = 'number' | 'code' | 'resend' | 'password';

/** Of a form that wants a captcha which scripts can solve. */
export interface AskedCaptcha {
  /** Of ALTCHA, as JSON. */
  readonly challenge: string;
  /** Whether the form is to be sent again at once. */
  readonly again: boolean;
}

/** What somebody has typed, to be shown again beside what is wrong with it. */
export interface Tried<T = object> {
  readonly error?: string;
  readonly typed?: Partial<T>;
  readonly captcha?: AskedCaptcha & { readonly step: Step };
}

export interface Sent {
  /** As it is shown. */
  readonly number: string;
  /** What goes along with its forms. */
  readonly fields: Record<string, string>;
  /** In seconds and in words, while there is some. */
  readonly wait?: readonly [seconds: number, text: string];
}

export function numberForm(
  place: Place,
  countries: Countries,
  { error, typed, captcha }: Tried<{ mobile: string; country: string }> = {},
): Html {
  const { words, base, prefix } = place;
  return html`${said(place, error)}
    <form ${doing(place, 'number', captcha)} method="post" action="${base}/login/code">
      ${place.hidden()}
      ${countries.named.length > 1 && countryList(prefix, words.country, countries, typed)}
      ${mobileInput(prefix, words.number, typed?.mobile, described(prefix, error))}
      <button>${words.send}</button>
    </form>
    ${place.hasPasswords && wayTo(place, '/login/password', words.byPassword)}`;
}

export function codeForm(
  place: Place,
  sent: Sent,
  { error, typed, captcha }: Tried<{ code: string }> = {},
): Html {
  const { words, base, prefix } = place;
  const [before, after] = words.sent.split('{number}');
  return html`${said(place, error)}
    <p id="${prefix}sent">${before}<bdi dir="ltr">${sent.number}</bdi>${after}</p>
    <form ${doing(place, 'code', captcha)} method="post" action="${base}/login">
      ${place.hidden({ ...sent.fields, ...agreedTo(place) })}
      ${codeInput(prefix, words.code, captcha && typed?.code, described(prefix, error, `${prefix}sent`))}
      <button>${words.logIn}</button>
      ${place.terms && html`<p class="quiet"><a href="${place.terms.url}" target="_blank">${words.agree}</a></p>`}
    </form>
    <form ${doing(place, 'resend', captcha)} method="post" action="${base}/login/code">
      ${place.hidden(sent.fields)}
      <button class="second">${words.resend}</button>
      ${sent.wait && html`<p class="quiet" data-wait="${sent.wait[0]}" data-text="${words.resendIn}">${sent.wait[1]}</p>`}
    </form>
    <details>
      <summary>${words.helpTitle}</summary>
      <p>${words.help}</p>
    </details>
    ${wayTo(place, '/login', words.otherNumber)}
    ${place.hasPasswords && wayTo(place, '/login/password', words.byPassword)}`;
}

export function passwordForm(place: Place, { error, typed }: Tried<{ name: string }> = {}): Html {
  const { words, base, prefix } = place;
  return html`${said(place, error)}
    <form ${doing(place, 'password')} method="post" action="${base}/login/password">
      ${place.hidden()}
      <label for="${prefix}name">${words.name}</label>
      <input
        id="${prefix}name"
        name="name"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        dir="ltr"
        required
        maxlength="64"
        value="${typed?.name}"
        ${described(prefix, error)}
      />
      <label for="${prefix}password">${words.password}</label>
      <input
        id="${prefix}password"
        name="password"
        type="password"
        autocomplete="current-password"
        dir="ltr"
        required
      />
      <button>${words.logIn}</button>
    </form>
    ${wayTo(place, '/login', words.byCode)}`;
}

/** What goes along with a login by code that says which terms its user was shown. */
export function agreedTo({ terms }: Place): Record<string, string> {
  return terms ? { terms_version: terms.version } : {};
}

/** Both are there before they have something to say, for screen readers to hear it. */
export function said({ prefix }: Pick<Place, 'prefix'>, error = ''): Html {
  return html`<p class="error" role="alert" id="${prefix}error">${error}</p>
    <p class="quiet" role="status"></p>`;
}

function doing({ words }: Place, step: Step, captcha?: Tried['captcha']): Html {
  return html`data-step="${step}"${captcha?.step === step && asking(words, captcha)}`;
}

/** What scripts make an answer of, and what they say meanwhile. */
export function asking(
  { checking }: { readonly checking: string },
  { challenge, again }: AskedCaptcha,
): Html {
  return html` data-captcha="${challenge}" data-checking="${checking}"${again && html` data-again`}`;
}

export function wayTo(place: Place, path: '/login' | '/login/password', text: string): Html {
  return html`<p><a href="${place.linkTo(path)}" data-path="${path}">${text}</a></p>`;
}
