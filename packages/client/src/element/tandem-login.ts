import type { ClientCaptchaDto, ConfigDto } from '../contract.ts';
import { createTandem } from '../create-tandem.ts';
import { TandemError } from '../errors.ts';
import type { Tandem } from '../tandem.ts';
import type { StorageOption } from '../storage.ts';
import { timeIn } from '../time-in.ts';
import { languageFor, loadWords, sentenceFor, type Words } from '../words.ts';
import { countriesIn } from './countries.ts';
import { adoptStyle } from './element-style.ts';
import { codeForm, numberForm, passwordForm, type Place } from './forms.ts';
import { FormsElement } from './forms-element.ts';
import type { Html } from './html.ts';
import { numberIn } from './number-input.ts';

const PREFIX = 'tandem-';
const NOTHING_KNOWN: Partial<ConfigDto> = {};

/**
 * A login in the page of an application, there while nobody is logged in. Says `login` when somebody is, and `refused` with the
 * `TandemError` of what is not.
 */
export class TandemLogin extends FormsElement {
  /** The client of the page, set before the element is added; without one the element makes its own for `url`. */
  tandem?: Tandem;
  /** Gets the answer of a captcha that is not ALTCHA's. */
  solveCaptcha?: (mobile: string, captcha: ClientCaptchaDto) => Promise<string>;

  private client!: Tandem;
  private words!: Words;
  private config = NOTHING_KNOWN;
  private mobile = '';

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = this.connection;
    this.addEventListener('click', (event) => this.follow(event), { signal });
    adoptStyle();
    void this.open(signal);
  }

  private async open(signal: AbortSignal): Promise<void> {
    this.client = this.tandem ?? this.newClient(signal);
    const language = languageFor([this.language, ...navigator.languages]);
    const [words, config] = await Promise.all([
      loadWords(language),
      this.client.config().catch(() => NOTHING_KNOWN),
      this.tandem ? this.client.ready : this.client.resume().catch(() => {}),
    ]);
    if (signal.aborted) return;
    Object.assign(this, { words, config, lang: language, dir: language === 'ar' ? 'rtl' : 'ltr' });
    signal.addEventListener(
      'abort',
      this.client.onChange(() => this.update()),
    );
    this.update();
  }

  private newClient(signal: AbortSignal): Tandem {
    const [url, storage] = ['url', 'storage'].map((name) => this.getAttribute(name) ?? undefined);
    const client = createTandem({ url: url!, storage: storage as StorageOption });
    signal.addEventListener('abort', () => client.dispose());
    return client;
  }

  private update(): void {
    const { status } = this.client.session();
    const isOut = status === 'anonymous' || status === 'ended';
    if (!isOut) this.replaceChildren();
    else if (!this.firstElementChild) this.show(this.numberForm());
  }

  private follow(event: Event): void {
    const { path } = (event.target as HTMLElement).dataset;
    if (!path) return;
    event.preventDefault();
    this.show(path === '/login' ? this.numberForm() : passwordForm(this.place));
    this.find('input')!.focus();
  }

  private numberForm(): Html {
    const { countries = [], default_country = null, country_by_locale = {} } = this.config;
    const served = countriesIn({ countries, default_country, country_by_locale }, this.language);
    return numberForm(this.place, served, { typed: { mobile: this.mobile } });
  }

  protected async send(form: HTMLFormElement): Promise<void> {
    this.say('');
    try {
      await this.take(form);
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
      this.refuse(form, error);
    }
  }

  private async take(form: HTMLFormElement): Promise<void> {
    const { mobile, client } = this;
    const typed = Object.fromEntries(new FormData(form)) as Record<string, string>;
    switch (form.dataset.step) {
      case 'code':
        return this.done(
          await this.provenFor(mobile, (captcha) => client.logIn(mobile, typed.code!, { captcha })),
        );
      case 'password':
        return this.done(await client.logInWithPassword(typed.name!, typed.password!));
      default:
        return this.sendCode(form.dataset.step === 'number' ? numberIn(form) : mobile);
    }
  }

  private async sendCode(mobile: string): Promise<void> {
    const locale = this.language;
    const { resendIn } = await this.provenFor(mobile, (captcha) =>
      this.client.requestCode(mobile, { locale, captcha }),
    );
    this.mobile = mobile;
    const wait = this.words.form.resendIn.replace('{time}', timeIn(resendIn, locale));
    this.show(codeForm(this.place, { number: mobile, fields: {}, wait: [resendIn, wait] }));
    this.codeInput!.focus();
  }

  private async provenFor<T>(mobile: string, act: (captcha?: string) => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const isAsked = error instanceof TandemError && error.errorCode === 'CAPTCHA_REQUIRED';
      const captcha = isAsked ? await this.captchaFor(mobile) : undefined;
      if (captcha === undefined) throw error;
      return act(captcha);
    }
  }

  private async captchaFor(mobile: string): Promise<string | undefined> {
    const { captcha } = this.config;
    if (captcha?.kind !== 'altcha') return captcha && this.solveCaptcha?.(mobile, captcha);
    this.say(this.words.form.checking);
    const [{ solve }, challenge] = await Promise.all([
      import('../altcha.ts'),
      this.client.captcha(mobile),
    ]);
    return solve(challenge, this.connection.signal);
  }

  private done({ isNewUser }: { readonly isNewUser: boolean }): void {
    this.mobile = '';
    this.dispatchEvent(new CustomEvent('login', { bubbles: true, detail: { isNewUser } }));
  }

  /** The input says what is wrong with it to whoever comes back to it. */
  private refuse(form: HTMLFormElement, error: TandemError): void {
    this.say('');
    this.find('[role=alert]')!.textContent = sentenceFor(error, this.words, this.language);
    const input = form.querySelector('input') ?? this.codeInput!;
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', `${PREFIX}error`);
    input.focus();
    input.select();
    this.dispatchEvent(new CustomEvent('refused', { bubbles: true, detail: error }));
  }

  private show({ text }: Html): void {
    this.innerHTML = text;
    this.enhance();
  }

  private get place(): Place {
    return {
      words: this.words.form,
      base: '',
      hasPasswords: this.config.password_login ?? true,
      prefix: PREFIX,
      hidden: () => [],
      linkTo: () => '#',
    };
  }
}
