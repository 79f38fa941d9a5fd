import { maskMobile } from '../../common/phone-number';
import { type Html, html } from '../../login-page/html';
import { hidden, type Look } from '../../login-page/layout';
import type { Visit } from '../../login-page/visit';
import type { MobileChange, MobileChangeState } from '../../users/mobile-change.entity';
import { accountWordsOf } from '../account-words';
import type { Overview } from '../overview';
import { timeAt } from '../../login-page/times';
import { filled, number } from './fields';
import { sentenceOf } from './notices';

/** What there is to say of a change of number, by its state. */
const SAID = { pending: 'pending', ordered: 'ordered', moved: 'moved' } as const satisfies Partial<
  Record<MobileChangeState, string>
>;

/** Tells of a change of number that is not over. */
export function changeBanner(look: Look, visit: Visit, shown: Overview): Html | false {
  const { change, timeZone } = shown;
  if (change?.state === 'claimed') return claimBanner(look, visit, change);
  const said = change && SAID[change.state as keyof typeof SAID];
  if (!change || !said) return false;
  const { account: words } = accountWordsOf(visit);
  const sentence = words[said].replace('{date}', timeAt(change.dueAt!, visit, timeZone));
  return html`<section class="warning">
    <p>${filled(sentence, 'number', said !== 'moved' && number(maskMobile(change.toMobile)))}</p>
    ${change.state !== 'moved' && cancelForm(look, visit, change, words.cancelChange)}
  </section>`;
}

/** Somebody else has proved the number, and waits for the account: its user objects. */
function claimBanner(look: Look, visit: Visit, change: MobileChange): Html {
  const { question, mine } = accountWordsOf(visit).claims;
  return html`<section class="warning">
    <p>${sentenceOf({ kind: 'number_claimed' }, visit)}</p>
    <p>${question}</p>
    ${cancelForm(look, visit, change, mine)}
  </section>`;
}

function cancelForm(look: Look, visit: Visit, { id }: MobileChange, text: string): Html {
  return html`<form method="post" action="${look.base}/account/number/cancel">
    ${hidden(visit, { id })}<button class="second">${text}</button>
  </form>`;
}
