import { type Html, html } from '../../login-page/html';
import { addressOf, hidden, type Look } from '../../login-page/layout';
import type { Visit } from '../../login-page/visit';
import { accountWordsOf } from '../account-words';
import { accountDocument } from './document';
import type { Overview } from '../overview';
import { timeAt } from '../../login-page/times';
import { changeBanner } from './change';
import { number } from './fields';
import { devicesSection, sessionsSection } from './logins';
import { noticesSection } from './notices';

export function overviewPage(look: Look, visit: Visit, shown: Overview, error?: string): string {
  const { account: words } = accountWordsOf(visit);
  const body = html`${shown.isSaved && html`<p class="saved" role="status">${words.saved}</p>`}
    ${shown.deletionAt !== null && deletionBanner(look, visit, shown)}
    ${changeBanner(look, visit, shown)} ${noticesSection(look, visit, shown)}
    ${profileSection(look, visit, shown)} ${sessionsSection(look, visit, shown)}
    ${devicesSection(look, visit, shown)} ${dataSection(look, visit)}
    <div class="row ends">
      <a href="${visit.returnTo}">${words.back.replace('{app}', look.appName)}</a>
      <form method="post" action="${look.base}/account/log-out">
        ${hidden(visit)}<button class="second">${words.logOut}</button>
      </form>
    </div>`;
  return accountDocument(look, visit, {
    heading: words.title,
    body,
    error,
    path: '/account',
  });
}

function deletionBanner(look: Look, visit: Visit, { deletionAt, timeZone }: Overview): Html {
  const { account: words } = accountWordsOf(visit);
  return html`<section class="warning">
    <p>${words.deletion.replace('{date}', timeAt(deletionAt!, visit, timeZone))}</p>
    <form method="post" action="${look.base}/account/deletion/cancel">
      ${hidden(visit)}<button>${words.keep}</button>
    </form>
  </section>`;
}

function profileSection(look: Look, visit: Visit, shown: Overview): Html {
  const { form, account: words } = accountWordsOf(visit);
  const { name, mobile, hasPassword, username } = shown;
  const password = hasPassword ? words.changePassword : words.setPassword;
  return html`<section aria-labelledby="profile">
    <h2 id="profile">${words.profile}</h2>
    <div class="row">
      <div><b>${form.number}</b><span>${number(mobile)}</span></div>
      <a class="button" href="${addressOf(look, visit, '/account/number')}"
        >${words.changeNumber}</a
      >
    </div>
    <div class="row">
      <div>
        <b>${form.password}</b><span>${hasPassword ? words.set : words.notSet}</span>
        ${username !== null && html`<span>${words.username}: <bdi>${username}</bdi></span>`}
      </div>
      <a class="button" href="${addressOf(look, visit, '/account/password')}">${password}</a>
    </div>
    <form class="row field" method="post" action="${look.base}/account/name">
      ${hidden(visit)}
      <div>
        <label for="name">${words.name}</label>
        <input
          id="name"
          name="name"
          autocomplete="name"
          dir="auto"
          maxlength="64"
          required
          value="${name}"
        />
      </div>
      <button class="second">${words.save}</button>
    </form>
  </section>`;
}

function dataSection(look: Look, visit: Visit): Html {
  const { account: words } = accountWordsOf(visit);
  return html`<section aria-labelledby="data">
    <h2 id="data">${words.data}</h2>
    <div class="row">
      <div><span>${words.exportHelp}</span></div>
      <a class="button" href="${addressOf(look, visit, '/account/export')}">${words.export}</a>
    </div>
    <div class="row">
      <a class="button danger" href="${addressOf(look, visit, '/account/deletion')}"
        >${words.delete}</a
      >
    </div>
  </section>`;
}
