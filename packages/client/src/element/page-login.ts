import type { AltchaChallengeDto } from '../contract.ts';
import { FormsElement } from './forms-element.ts';

/** How long a press of the button after another one is taken for the same. */
const SENDING_MS = 5000;

/** The forms of the login page, which send themselves: the server shows what comes of it. */
export class PageLogin extends FormsElement {
  override connectedCallback(): void {
    super.connectedCallback();
    this.enhance();
    this.querySelector<HTMLFormElement>('[data-again]')?.requestSubmit();
  }

  protected async send(form: HTMLFormElement): Promise<void> {
    const { captcha, checking } = form.dataset;
    if (captcha && !(await this.prove(form, captcha, checking!))) return;
    form.submit();
    await new Promise((done) => setTimeout(done, SENDING_MS));
  }

  /** Adds what shows that no robot sends the form. @returns whether there is something. */
  private async prove(form: HTMLFormElement, captcha: string, checking: string): Promise<boolean> {
    const error = this.find('[role=alert]')!;
    const said = error.textContent;
    this.say(checking);
    try {
      const { solve } = await import('../altcha.ts');
      form.append(hidden('captcha', await solve(JSON.parse(captcha) as AltchaChallengeDto)));
      return true;
    } catch {
      this.say('');
      error.textContent = said;
      return false;
    }
  }
}

function hidden(name: string, value: string): HTMLInputElement {
  const input = document.createElement('input');
  return Object.assign(input, { type: 'hidden', name, value });
}
