import { document, type Look, type Page } from '../../login-page/layout';
import type { Visit } from '../../login-page/visit';
import { ACCOUNT_STYLE_VERSION } from '../style';

/** A page of an account: without scripts, and with what its style sheet adds to that of all pages. */
export function accountDocument(look: Look, visit: Visit, page: Page): string {
  const sheet = `/account/style.css?v=${ACCOUNT_STYLE_VERSION}`;
  return document({ ...look, script: undefined }, visit, { ...page, sheet });
}
