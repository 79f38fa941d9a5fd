import { link, type Look } from '../../login-page/layout';
import type { Visit } from '../../login-page/visit';
import { accountWordsOf } from '../account-words';
import { accountDocument } from './document';
import { type Topic, TOPICS } from '../account';

/** In the place of a page that cannot be shown, or of what cannot be done. */
export function errorPage(look: Look, visit: Visit, topic: Topic, error: string): string {
  const { account: words } = accountWordsOf(visit);
  const body = link(look, visit, TOPICS[topic], words.tryAgain);
  return accountDocument(look, visit, { heading: words.title, body, error });
}
