import { LOCALES } from '../sms/composer/templates';
import type { Place } from './forms';
import { type Html, html, type Part } from './html';
import { hiddenInputs } from './inputs';
import { directionOf, type Visit, wordsOf } from './visit';

/** Where the pages are, and how they look. */
export interface Look {
  /** The path in front of all routes, where a proxy has one. */
  readonly base: string;
  readonly appName: string;
  readonly logo?: string;
  readonly hasPasswords: boolean;
  readonly terms?: Place['terms'];
  /** The names of its style sheet, and of its script if there is one. */
  readonly styleSheet: string;
  readonly script?: string;
}

export interface Page {
  readonly heading: string;
  readonly body: Part;
  /** Why the last try failed: read out at once by screen readers. */
  readonly error?: string;
  /** The path of the page in other languages. */
  readonly path?: string;
  /** What is sent there, for a page that a form has led to. */
  readonly fields?: Record<string, string>;
  /** The address of a style sheet that it has beside that of all pages. */
  readonly sheet?: string;
}

export function document(look: Look, visit: Visit, shown: Page): string {
  const { heading, body, error, sheet } = shown;
  const page = html`<!doctype html>
    <html lang="${visit.lang}" dir="${directionOf(visit.lang)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${heading} · ${look.appName}</title>
        <link rel="stylesheet" href="${look.base}/login/assets/${look.styleSheet}" />
        ${sheet && html`<link rel="stylesheet" href="${look.base}${sheet}" />`}
        ${look.script && html`<script type="module" src="${look.base}/login/assets/${look.script}"></script>`}
      </head>
      <body>
        <main>
          ${look.logo ? html`<img class="logo" src="${look.logo}" alt="${look.appName}" />` : html`<p class="app">${look.appName}</p>`}
          <h1>${heading}</h1>
          ${error && html`<p class="error" role="alert" id="error">${error}</p>`} ${body}
        </main>
        ${shown.path !== undefined && languages(look, visit, shown.path, shown.fields)}
      </body>
    </html> `;
  return page.text;
}

/** What goes along with each form. */
export function hidden(visit: Visit, more: Record<string, string> = {}): Html[] {
  return hiddenInputs({ form: visit.form, ...linked(visit), ...more });
}

/** A link to another page of the visit. */
export function link(look: Look, visit: Visit, path: string, text: string): Html {
  return html`<p><a href="${addressOf(look, visit, path)}">${text}</a></p>`;
}

/** Of another page of the visit. */
export function addressOf({ base }: Look, visit: Visit, path: string): string {
  return `${base}${path}?${String(new URLSearchParams(linked(visit)))}`;
}

/** What of a visit may stand in an address. */
function linked({ lang, next, returnTo }: Visit): Record<string, string> {
  return { lang, ...(next && { next }), return_to: returnTo };
}

/** @param fields sent along by a form, since they are of no address. */
function languages(
  { base }: Look,
  visit: Visit,
  path: string,
  fields?: Record<string, string>,
): Html {
  const { form: words } = wordsOf(visit);
  const options = LOCALES.map((one) => {
    const name = new Intl.DisplayNames(one, { type: 'language' }).of(one)!;
    return html`<option value="${one}" lang="${one}" ${one === visit.lang && html` selected`}>
      ${name}
    </option>`;
  });
  const { lang: _chosen, ...others } = linked(visit);
  const sent = fields && { form: visit.form, ...fields };
  return html`<footer>
    <form ${sent && html`method="post" `}action="${base}${path}">
      ${hiddenInputs({ ...others, ...sent })}
      <label for="lang">${words.language}</label>
      <select id="lang" name="lang" autocomplete="language">
        ${options}
      </select>
      <button class="second">${words.change}</button>
    </form>
  </footer>`;
}
