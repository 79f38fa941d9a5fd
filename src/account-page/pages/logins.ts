import { type Html, html } from '../../login-page/html';
import { hidden, type Look } from '../../login-page/layout';
import type { Visit } from '../../login-page/visit';
import { shownUseOf } from '../../sessions/shown-times';
import { accountWordsOf } from '../account-words';
import type { Overview, ShownSession } from '../overview';
import { agoIn } from '../../login-page/times';

interface Row {
  readonly id: string;
  readonly device: string | null;
  readonly network: string;
  readonly lastUsedAt: Date;
}

/** Where somebody is logged in, this browser first. */
export function sessionsSection(look: Look, visit: Visit, shown: Overview): Html {
  const { account: words } = accountWordsOf(visit);
  const [own, others] = [true, false].map((isOwn) =>
    shown.sessions.filter(({ isCurrent }) => isCurrent === isOwn),
  );
  return html`<section aria-labelledby="sessions">
    <h2 id="sessions">${words.sessions}</h2>
    <ul>
      ${own!.map((one) => row(visit, shown, rowOf(one), html`<em>${words.thisBrowser}</em>`))}
      ${others!.map((one) =>
        row(visit, shown, rowOf(one), endForm(look, visit, 'sessions', words.logOut, rowOf(one))),
      )}
    </ul>
    ${
      others!.length > 0 &&
      html`<form method="post" action="${look.base}/account/sessions/end-others">
        ${hidden(visit)}<button class="second">${words.endOthers}</button>
      </form>`
    }
  </section>`;
}

/** Devices that are known, unless there are none. */
export function devicesSection(look: Look, visit: Visit, shown: Overview): Html | false {
  const { account: words } = accountWordsOf(visit);
  const rows = shown.devices.map((one) => ({ ...one, lastUsedAt: shownUseOf(one) }));
  return (
    rows.length > 0 &&
    html`<section aria-labelledby="devices">
      <h2 id="devices">${words.devices}</h2>
      <p class="quiet">${words.devicesHelp}</p>
      <ul>
        ${rows.map((one) =>
          row(visit, shown, one, endForm(look, visit, 'devices', words.remove, one)),
        )}
      </ul>
    </section>`
  );
}

const rowOf = ({ session, lastUsedAt }: ShownSession): Row => ({ ...session, lastUsedAt });

function row(visit: Visit, { now }: Overview, shown: Row, action: Html): Html {
  const { account: words } = accountWordsOf(visit);
  const { id, device, network, lastUsedAt } = shown;
  const used = words.lastUsed.replace('{time}', agoIn(lastUsedAt, now, visit));
  return html`<li class="row">
    <div>
      <b id="of-${id}">${device ?? words.unknownDevice}</b>
      <span
        ><bdi dir="ltr">${network}</bdi> ·
        <time datetime="${lastUsedAt.toISOString()}">${used}</time></span
      >
    </div>
    ${action}
  </li>`;
}

/** The button says to screen readers which one it ends. */
function endForm(
  look: Look,
  visit: Visit,
  what: 'sessions' | 'devices',
  label: string,
  { id }: Row,
): Html {
  return html`<form method="post" action="${look.base}/account/${what}/end">
    ${hidden(visit, { id })}
    <button class="second" id="end-${id}" aria-labelledby="end-${id} of-${id}">${label}</button>
  </form>`;
}
