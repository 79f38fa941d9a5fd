import type { Locale } from '../sms/composer/templates';
import { WORDS } from './words';

/** What all pages of a visit have in common: it stands in each form and link, and holds nothing that is secret. */
export interface Visit {
  readonly lang: Locale;
  /** One of `LOGIN_RETURN_TO`, or the path of the console. */
  readonly returnTo: string;
  /** The page of ours that a login leads to first. */
  readonly next?: 'account';
  /** The token of its forms. */
  readonly form: string;
}

/** Fields that each form of a visit has. */
export const VISIT = ['form', 'lang', 'next', 'return_to'];

export const wordsOf = ({ lang }: Pick<Visit, 'lang'>) => WORDS[lang];

/** BCP 47 knows the direction of a script by its language. */
export const directionOf = (lang: Locale) => (lang === 'ar' ? 'rtl' : 'ltr');
