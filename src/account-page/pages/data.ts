import { html } from '../../login-page/html';
import { hidden, link, type Look } from '../../login-page/layout';
import type { Visit } from '../../login-page/visit';
import { accountWordsOf } from '../account-words';
import { accountDocument } from './document';

export function exportPage(look: Look, visit: Visit, error?: string): string {
  const { account: words } = accountWordsOf(visit);
  const body = html`<p>${words.exportHelp}</p>
    <form method="post" action="${look.base}/account/export">
      ${hidden(visit)}<button>${words.export}</button>
    </form>
    ${link(look, visit, '/account', words.title)}`;
  return accountDocument(look, visit, {
    heading: words.export,
    body,
    error,
    path: '/account/export',
  });
}
