import { type AskedCaptcha, said } from '../../login-page/forms';
import { html } from '../../login-page/html';
import { document, type Look, type Page } from '../../login-page/layout';
import type { Visit } from '../../login-page/visit';
import { ACCOUNT_STYLE_VERSION } from '../style';

interface AccountPage extends Page {
  /** That one of its forms wants. */
  readonly captcha?: AskedCaptcha;
}

/** A page of an account: without scripts but for a captcha, and with what its style sheet adds to that of all pages. */
export function accountDocument(look: Look, visit: Visit, page: AccountPage): string {
  const { captcha, body, error, ...others } = page;
  const sheet = `/account/style.css?v=${ACCOUNT_STYLE_VERSION}`;
  if (!captcha) return document({ ...look, script: undefined }, visit, { ...page, sheet });
  const scripted = html`<tandem-login>${said({ prefix: '' }, error)}${body}</tandem-login>`;
  return document(look, visit, { ...others, body: scripted, sheet });
}
