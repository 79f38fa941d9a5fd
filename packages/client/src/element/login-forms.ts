import type { ConfigDto, UndoneDto } from '../contract.ts';
import type { TandemError } from '../errors.ts';
import { timeIn } from '../time-in.ts';
import { sentenceFor, type Words } from '../words.ts';
import { type ClaimPlace, movedForms, outcome, reassignedForms } from './claim-forms.ts';
import { countriesIn } from './countries.ts';
import { codeForm, numberForm, passwordForm, said } from './forms.ts';
import { type Html, html } from './html.ts';
import { hiddenInputs } from './inputs.ts';

export const PREFIX = 'tandem-';

/** After these a question is not to be answered any more: what is left is another code. */
const OVER: ReadonlySet<string> = new Set(['INVALID_CODE', 'NUMBER_MOVED', 'USER_DISABLED']);

/** What `<tandem-login>` shows, in the language of its reader. */
export class LoginForms {
  constructor(
    readonly words: Words,
    readonly config: Partial<ConfigDto>,
    readonly locale: string,
  ) {}

  with(config: Partial<ConfigDto>): LoginForms {
    return new LoginForms(this.words, config, this.locale);
  }

  number(mobile: string): Html {
    const { countries = [], default_country = null, country_by_locale = {} } = this.config;
    const served = countriesIn({ countries, default_country, country_by_locale }, this.locale);
    return numberForm(this.place, served, { typed: { mobile } });
  }

  password(): Html {
    return passwordForm(this.place);
  }

  /** @param resendIn seconds until another code may be asked for. */
  code(number: string, resendIn: number, error?: string): Html {
    const text = this.words.form.resendIn.replace('{time}', timeIn(resendIn, this.locale));
    const wait = resendIn > 0 ? ([resendIn, text] as const) : undefined;
    return codeForm(this.place, { number, fields: {}, wait }, { error });
  }

  /** What a refusal leads to in the place of the form: a question, or what has come of its answer. */
  after(error: TandemError, isAnswer: boolean): Html | undefined {
    const { claims, errors } = this.words;
    const { errorCode, ticket, reservedUntil, availableAt } = error;
    if (errorCode === 'NUMBER_MOVED' && ticket) {
      const until = reservedUntil && this.timeAt(reservedUntil);
      return this.question(errors.NUMBER_MOVED, movedForms(this.place, ticket, until));
    }
    if (ticket) return this.question(claims.question, reassignedForms(this.place, ticket));
    if (availableAt) return this.outcome(claims.waits.replace('{date}', this.timeAt(availableAt)));
    return isAnswer && OVER.has(errorCode) ? this.outcome(this.sentence(error)) : undefined;
  }

  undone(state: UndoneDto['state']): Html {
    const { recovery, takenBack } = this.words.claims;
    return this.outcome(state === 'recovery' ? recovery : takenBack);
  }

  sentence(error: TandemError): string {
    return sentenceFor(error, this.words, this.locale);
  }

  private question(text: string, forms: Html): Html {
    return html`${said(this.place)}
      <p tabindex="-1"><b>${text}</b></p>
      ${forms}`;
  }

  private outcome(sentence: string): Html {
    return outcome(this.place, sentence);
  }

  private timeAt(date: Date): string {
    const style = { dateStyle: 'long', timeStyle: 'short' } as const;
    return new Intl.DateTimeFormat(this.locale, style).format(date);
  }

  private get place(): ClaimPlace {
    const {
      password_login: hasPasswords = true,
      terms_version: version,
      terms_url: url,
    } = this.config;
    return {
      words: this.words.form,
      claims: this.words.claims,
      base: '',
      hasPasswords,
      terms: version && url ? { version, url } : undefined,
      prefix: PREFIX,
      hidden: (more = {}) => hiddenInputs(more),
      linkTo: () => '#',
    };
  }
}
