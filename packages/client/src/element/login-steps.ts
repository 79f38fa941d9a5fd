import type { TandemError } from '../errors.ts';
import type { LoggedIn } from '../logins.ts';
import type { Tandem } from '../tandem.ts';
import { proven } from './captcha-proof.ts';
import type { Html } from './html.ts';
import type { LoginForms } from './login-forms.ts';
import { numberIn } from './number-input.ts';

/** Those whose ticket shows that the number was proved. */
const ANSWERS: ReadonlySet<string | undefined> = new Set(['undo', 'reassigned']);

/** What the forms of a login do, one after the other. */
export class LoginSteps {
  /** That of the last code. */
  mobile = '';

  /** @param solve gets the answer of a captcha for a number, if somebody can. */
  constructor(
    private readonly client: Tandem,
    public forms: LoginForms,
    private readonly solve: (mobile: string) => Promise<string | undefined>,
  ) {}

  /**
   * @returns who has logged in, or what is shown next.
   * @throws TandemError what was refused.
   */
  async take(form: HTMLFormElement): Promise<LoggedIn | Html> {
    const { client, forms, mobile } = this;
    const typed = typedIn(form);
    const { name, password, ticket, terms_version: termsVersion } = typed;
    switch (form.dataset.step) {
      case 'code':
        return this.proven(mobile, (captcha) =>
          client.logIn(mobile, typed.code!, { captcha, termsVersion }),
        );
      case 'password':
        return client.logInWithPassword(name!, password!);
      case 'reassigned':
        return client.answerReassigned(mobile, ticket!, { ...ownershipIn(typed), termsVersion });
      case 'undo':
        return forms.undone(await client.undoNumberChange(ticket!));
      default:
        return this.sendCode(form.dataset.step === 'number' ? numberIn(form) : mobile);
    }
  }

  /** What is shown in the place of a form that was refused; undefined for the form itself, and what is wrong with it. */
  async after(form: HTMLFormElement, error: TandemError): Promise<Html | undefined> {
    const next = this.forms.after(error, ANSWERS.has(form.dataset.step));
    if (next || !(await this.areTermsOld(form, error))) return next;
    return this.forms.code(this.mobile, 0, this.forms.words.form.stale);
  }

  private async sendCode(mobile: string): Promise<Html> {
    const { locale } = this.forms;
    const { resendIn } = await this.proven(mobile, (captcha) =>
      this.client.requestCode(mobile, { locale, captcha }),
    );
    this.mobile = mobile;
    return this.forms.code(mobile, resendIn);
  }

  private proven<T>(mobile: string, act: (captcha?: string) => Promise<T>): Promise<T> {
    return proven(act, () => this.solve(mobile));
  }

  /** Nobody agrees to what they were not shown: others may be in force by now. */
  private async areTermsOld(form: HTMLFormElement, { errorCode }: TandemError): Promise<boolean> {
    const { terms_version: shown } = typedIn(form);
    if (errorCode !== 'VALIDATION_FAILED' || !shown) return false;
    const config = await this.client.config().catch(() => this.forms.config);
    this.forms = this.forms.with(config);
    return config.terms_version !== shown;
  }
}

const typedIn = (form: HTMLFormElement) =>
  Object.fromEntries(new FormData(form)) as Record<string, string>;

function ownershipIn({ mine, password }: Record<string, string>) {
  if (mine !== 'yes') return { mine: false } as const;
  return { mine: true, password: password || undefined } as const;
}
