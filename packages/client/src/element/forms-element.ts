import { codeIn, isWhole, receivedCode } from './code-input.ts';
import { followCountry } from './number-input.ts';
import { countDown } from './wait.ts';

/** What scripts add to the forms of a login, whoever has put them here. */
export abstract class FormsElement extends HTMLElement {
  /** Until the element leaves its page. */
  protected connection = new AbortController();
  private shown = new AbortController();
  private isSending = false;
  /** The last code that was sent by itself: a second time it is its user who sends it. */
  private tried?: string;

  connectedCallback(): void {
    this.connection = new AbortController();
    const { signal } = this.connection;
    this.addEventListener('input', (event) => this.read(event), { signal });
    this.addEventListener('submit', (event) => this.submit(event), { signal });
  }

  disconnectedCallback(): void {
    this.connection.abort();
    this.shown.abort();
  }

  protected abstract send(form: HTMLFormElement): Promise<void>;

  /** To be called when there are other forms. */
  protected enhance(): void {
    this.shown.abort();
    this.shown = new AbortController();
    const { signal } = this.shown;
    const [note, code] = [this.find('[data-wait]'), this.codeInput];
    if (note) countDown(note, this.language, signal);
    if (code) void this.receive(code, signal);
  }

  /** What goes on, for screen readers too. */
  protected say(what: string): void {
    this.find('[role=status]')!.textContent = what;
    this.find('[role=alert]')!.textContent = '';
  }

  protected find(selector: string): HTMLElement | null {
    return this.querySelector<HTMLElement>(selector);
  }

  protected get codeInput(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>('.code');
  }

  protected get language(): string {
    return this.closest<HTMLElement>('[lang]')?.lang ?? 'en';
  }

  private async receive(input: HTMLInputElement, signal: AbortSignal): Promise<void> {
    const code = await receivedCode(signal);
    if (code === undefined || signal.aborted) return;
    input.value = code;
    this.readCode(input);
  }

  private read(event: Event): void {
    const input = event.target as HTMLInputElement;
    if ((event as InputEvent).isComposing) return;
    if (input.name === 'code') this.readCode(input);
    if (input.name === 'mobile') followCountry(input.form!);
  }

  /** A phone fills in all digits as one event. */
  private readCode(input: HTMLInputElement): void {
    const code = codeIn(input.value);
    if (code !== input.value) input.value = code;
    if (!isWhole(code) || code === this.tried) return;
    this.tried = code;
    input.form!.requestSubmit();
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    if (this.isSending || form.querySelector('[aria-disabled]')) return;
    this.isSending = true;
    try {
      await this.send(form);
    } finally {
      this.isSending = false;
    }
  }
}
