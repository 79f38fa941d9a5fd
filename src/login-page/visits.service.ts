import { Injectable } from '@nestjs/common';
import { isSame } from '../common/is-same';
import { CONSOLE_PATH } from '../config/console-settings';
import { Env } from '../config/env';
import type { HttpRequest } from '../contract/request';
import { readersLocale } from '../sms/composer/locale';
import { FormTokensService } from './form-tokens.service';
import type { Visit } from './visit';

/** What a link or a form says of its visit: anybody may have written it. */
export type Given = Readonly<Partial<Record<'form' | 'lang' | 'next' | 'return_to', unknown>>>;

export interface OpenVisit extends Visit {
  /** Of the browser: the token of its forms follows from it. */
  readonly secret: string;
  /** Whether it leads back to an address of ours. */
  readonly isKnown: boolean;
  /** Whether one of our pages, in this browser, has sent the form. */
  readonly isOwnForm: boolean;
  /** The `Set-Cookie` of a browser that has come for the first time. */
  readonly cookie?: string;
}

/** Takes up a visit at each step, by what comes along: nothing of it is kept here. */
@Injectable()
export class VisitsService {
  constructor(
    private readonly env: Env,
    private readonly tokens: FormTokensService,
  ) {}

  /** @param sessionId whose forms they are, on pages for somebody who is logged in. */
  open({ headers }: HttpRequest, given: Given, sessionId?: string): OpenVisit {
    const [form, lang, wanted] = [given.form, given.lang, given.return_to].map(textOf);
    const known = this.tokens.secretIn(headers);
    const secret = known ?? this.tokens.newSecret();
    const addresses = this.addresses();
    const returnTo = wanted ?? addresses[0] ?? '';
    const { 'sec-fetch-site': site = 'same-origin' } = headers;
    return {
      secret,
      form: this.tokens.tokenOf(secret, sessionId),
      lang: readersLocale({ locale: lang, acceptLanguage: headers['accept-language'] }),
      returnTo,
      next: given.next === 'account' ? 'account' : undefined,
      isKnown: addresses.includes(returnTo),
      isOwnForm:
        known !== undefined &&
        site === 'same-origin' &&
        isSame(this.tokens.tokenOf(known, sessionId), form ?? ''),
      cookie: known === undefined ? this.tokens.keeping(secret) : undefined,
    };
  }

  /** Those that a login may lead back to; a path is one of this server. */
  private addresses(): string[] {
    const { CONSOLE, LOGIN_RETURN_TO } = this.env;
    return CONSOLE ? [...LOGIN_RETURN_TO, CONSOLE_PATH] : LOGIN_RETURN_TO;
  }
}

/** A query may bring lists. */
const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
