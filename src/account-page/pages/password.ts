import { html } from '../../login-page/html';
import { addressOf, hidden, link, type Look } from '../../login-page/layout';
import type { Visit } from '../../login-page/visit';
import { accountWordsOf } from '../account-words';
import { accountDocument } from './document';
import { passwordInput } from './fields';

export interface PasswordState {
  readonly hasPassword: boolean;
  /** Whether the password until now has to be shown. */
  readonly asksCurrent: boolean;
  readonly username: string | null;
}

export function passwordPage(
  look: Look,
  visit: Visit,
  { hasPassword, asksCurrent, username }: PasswordState,
  error?: string,
): string {
  const { account: words } = accountWordsOf(visit);
  const current = {
    label: words.currentPassword,
    autocomplete: 'current-password',
    error,
  } as const;
  const fresh = {
    label: words.newPassword,
    autocomplete: 'new-password',
    error: asksCurrent ? undefined : error,
    help: words.passwordHelp,
  } as const;
  const body = html`<form method="post" action="${look.base}/account/password">
      ${hidden(visit)}
      <label for="username">${words.usernameOptional}</label>
      <input
        id="username"
        name="username"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        dir="ltr"
        maxlength="32"
        value="${username ?? undefined}"
      />
      ${asksCurrent && passwordInput('current_password', current)}
      ${passwordInput('password', fresh)}
      <button>${words.save}</button>
    </form>
    ${
      asksCurrent &&
      html`<p>
        <a href="${addressOf(look, visit, '/account/confirm')}&amp;topic=password"
          >${words.byCode}</a
        >
      </p>`
    }
    ${
      hasPassword &&
      html`<form method="post" action="${look.base}/account/password/remove">
        ${hidden(visit)}<button class="second">${words.removePassword}</button>
      </form>`
    }
    ${link(look, visit, '/account', words.title)}`;
  const heading = hasPassword ? words.changePassword : words.setPassword;
  return accountDocument(look, visit, { heading, body, error, path: '/account/password' });
}
