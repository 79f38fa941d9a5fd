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

interface Deletion {
  /** When the account is erased which is asked for now; undefined for at once. */
  readonly at?: string;
  /** For when it has been asked for before. */
  readonly pending?: string;
  readonly error?: string;
}

/** What will happen, and a box to be ticked: one press of a button deletes nothing. */
export function deletionPage(look: Look, visit: Visit, { at, pending, error }: Deletion): string {
  const { account: words } = accountWordsOf(visit);
  const keep = html`<p>${words.deletion.replace('{date}', pending ?? '')}</p>
    <form method="post" action="${look.base}/account/deletion/cancel">
      ${hidden(visit)}<button>${words.keep}</button>
    </form>`;
  const ask = html`<p>
      ${at === undefined ? words.deleteNow : words.deleteHelp.replace('{date}', at)}
    </p>
    <form method="post" action="${look.base}/account/deletion">
      ${hidden(visit)}
      <label class="check"
        ><input type="checkbox" name="sure" value="yes" required /> ${words.deleteSure}</label
      >
      <button class="danger">${words.delete}</button>
    </form>`;
  const body = html`${pending === undefined ? ask : keep}
  ${link(look, visit, '/account', words.title)}`;
  return accountDocument(look, visit, {
    heading: words.delete,
    body,
    error,
    path: '/account/deletion',
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
