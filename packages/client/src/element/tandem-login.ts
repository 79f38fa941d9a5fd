import type { ClientCaptchaDto } from '../contract.ts';
import { createTandem } from '../create-tandem.ts';
import { TandemError } from '../errors.ts';
import type { LoggedIn } from '../logins.ts';
import type { StorageOption } from '../storage.ts';
import type { Tandem } from '../tandem.ts';
import { languageFor, loadWords } from '../words.ts';
import { adoptStyle } from './element-style.ts';
import { FormsElement } from './forms-element.ts';
import type { Html } from './html.ts';
import { LoginForms, PREFIX } from './login-forms.ts';
import { LoginSteps } from './login-steps.ts';

/** Where readers go on: the code, or what they are asked or told. */
const NEXT = '.code, [tabindex]';

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
  private steps!: LoginSteps;

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
      this.client.config().catch(() => ({})),
      this.tandem ? this.client.ready : this.client.resume().catch(() => {}),
    ]);
    if (signal.aborted) return;
    const forms = new LoginForms(words, config, language);
    this.steps = new LoginSteps(this.client, forms, (mobile) => this.captchaFor(mobile));
    Object.assign(this, { lang: language, dir: language === 'ar' ? 'rtl' : 'ltr' });
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
    else if (!this.firstElementChild) this.show(this.numberForm);
  }

  private follow(event: Event): void {
    const { path } = (event.target as HTMLElement).dataset;
    if (!path) return;
    event.preventDefault();
    this.show(path === '/login' ? this.numberForm : this.steps.forms.password(), 'input');
  }

  private get numberForm(): Html {
    const { forms, mobile } = this.steps;
    return forms.number(mobile);
  }

  protected async send(form: HTMLFormElement): Promise<void> {
    this.say('');
    try {
      const next = await this.steps.take(form);
      if ('isNewUser' in next) this.done(next);
      else this.show(next, NEXT);
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
      await this.refuse(form, error);
    }
  }

  private async captchaFor(mobile: string): Promise<string | undefined> {
    const { config, words } = this.steps.forms;
    const { captcha } = config;
    if (captcha?.kind !== 'altcha')
      return captcha ? this.solveCaptcha?.(mobile, captcha) : undefined;
    this.say(words.form.checking);
    const [{ solve }, challenge] = await Promise.all([
      import('../altcha.ts'),
      this.client.captcha(mobile),
    ]);
    return solve(challenge, this.connection.signal);
  }

  private done({ isNewUser }: LoggedIn): void {
    this.steps.mobile = '';
    this.dispatchEvent(new CustomEvent('login', { bubbles: true, detail: { isNewUser } }));
  }

  private async refuse(form: HTMLFormElement, error: TandemError): Promise<void> {
    const next = await this.steps.after(form, error);
    if (next) this.show(next, NEXT);
    else this.explain(form, error);
    this.dispatchEvent(new CustomEvent('refused', { bubbles: true, detail: error }));
  }

  /** The input says what is wrong with it to whoever comes back to it. */
  private explain(form: HTMLFormElement, error: TandemError): void {
    this.say('');
    this.find('[role=alert]')!.textContent = this.steps.forms.sentence(error);
    const input =
      form.querySelector<HTMLInputElement>('input:not([type=hidden])') ?? this.codeInput;
    input?.setAttribute('aria-invalid', 'true');
    input?.setAttribute('aria-describedby', `${PREFIX}error`);
    input?.focus();
    input?.select();
  }

  /** @param focused what readers go on from. */
  private show({ text }: Html, focused?: string): void {
    this.innerHTML = text;
    this.enhance();
    if (focused) this.find(focused)!.focus();
  }
}
