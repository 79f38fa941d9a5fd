import { agreedTo, type Place, wayTo } from './forms';
import { type Html, html } from './html';

type ClaimWord =
  | 'takeBackHelp'
  | 'takeBack'
  | 'notMine'
  | 'kept'
  | 'asked'
  | 'mine'
  | 'password'
  | 'withoutPassword'
  | 'fresh'
  | 'freshHelp';

/** Where somebody is asked about a number that is, or was, somebody else's. */
export interface ClaimPlace extends Place {
  readonly claims: Readonly<Record<ClaimWord, string>>;
}

/**
 * The account has another number now.
 *
 * @param until when the number is kept for it, in words; not known once the question was answered.
 */
export function movedForms(place: ClaimPlace, ticket: string, until?: string): Html {
  const { claims, words } = place;
  return html`<p>${claims.takeBackHelp}</p>
    <form data-step="undo" method="post" action="${place.base}/login/undo">
      ${place.hidden({ ticket })}<button>${claims.takeBack}</button>
    </form>
    ${
      until !== undefined &&
      html`<details>
        <summary>${claims.notMine}</summary>
        <p>${claims.kept.replace('{date}', until)}</p>
      </details>`
    }
    ${wayTo(place, '/login', words.otherNumber)}`;
}

/** The account may be that of whoever had the number before. */
export function reassignedForms(place: ClaimPlace, ticket: string): Html {
  const { base, claims, prefix, words } = place;
  const answer = (mine: string) => place.hidden({ ticket, mine, ...agreedTo(place) });
  return html`<p>${claims.asked}</p>
    <form data-step="reassigned" method="post" action="${base}/login/reassigned">
      ${answer('yes')}
      <label for="${prefix}password">${claims.password}</label>
      <input
        id="${prefix}password"
        name="password"
        type="password"
        autocomplete="current-password"
        dir="ltr"
        aria-describedby="${prefix}without"
      />
      <p class="quiet" id="${prefix}without">${claims.withoutPassword}</p>
      <button>${claims.mine}</button>
    </form>
    <form data-step="reassigned" method="post" action="${base}/login/reassigned">
      ${answer('no')}
      <p class="quiet">${claims.freshHelp}</p>
      <button class="second">${claims.fresh}</button>
    </form>
    ${wayTo(place, '/login', words.otherNumber)}`;
}

/** After an answer: what it has come to, and the way to another login. */
export function outcome(place: Place, sentence: string): Html {
  return html`<p role="status" tabindex="-1">${sentence}</p>
    ${wayTo(place, '/login', place.words.logIn)}`;
}
