import { type Html, html } from '../../login-page/html';
import { hidden, type Look } from '../../login-page/layout';
import type { Visit } from '../../login-page/visit';
import { NOTICE_TEXTS } from '../../sms/composer/notice-texts';
import type { ShownNotice } from '../../users/notices/notices.service';
import { accountWordsOf } from '../account-words';
import type { Overview } from '../overview';
import { agoIn } from '../../login-page/times';

/** What was done in the account that its owner should know of, unless they know. */
export function noticesSection(look: Look, visit: Visit, shown: Overview): Html | false {
  const { account: words } = accountWordsOf(visit);
  return (
    shown.notices.length > 0 &&
    html`<section class="warning" aria-labelledby="notices">
      <h2 id="notices">${words.notices}</h2>
      <ul>
        ${shown.notices.map((notice) => row(look, visit, shown.now, notice))}
      </ul>
      <p class="quiet">${words.notYou}</p>
    </section>`
  );
}

function row(look: Look, visit: Visit, now: number, notice: ShownNotice): Html {
  const { account: words } = accountWordsOf(visit);
  const { id, at, device, network } = notice;
  const from = [device, network].filter((part) => part !== null).join(' · ');
  return html`<li class="row">
    <div>
      <b id="of-${id}">${sentenceOf(notice, visit)}</b>
      <span
        >${from && html`<bdi>${from}</bdi> · `}<time datetime="${at.toISOString()}"
          >${agoIn(at, now, visit)}</time
        ></span
      >
    </div>
    <form method="post" action="${look.base}/account/notices/acknowledge">
      ${hidden(visit, { id })}
      <button class="second" id="end-${id}" aria-labelledby="end-${id} of-${id}">
        ${words.gotIt}
      </button>
    </form>
  </li>`;
}

/** Messages have more around it. */
export function sentenceOf({ kind }: Pick<ShownNotice, 'kind'>, { lang }: Visit): string {
  const [first = '', ...rest] = NOTICE_TEXTS[lang][kind];
  return first.toLocaleUpperCase(lang) + rest.join('');
}
