import { timeIn } from '../time-in.ts';

const SECOND_MS = 1000;

/** Counts down what a form has to wait, and lets it be sent then. */
export function countDown(note: HTMLElement, language: string, signal: AbortSignal): void {
  const { wait, text } = note.dataset;
  const button = note.closest('form')!.querySelector('button')!;
  const end = performance.now() + Number(wait) * SECOND_MS;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / SECOND_MS);
    if (left > 0) note.textContent = text!.replace('{time}', timeIn(left, language));
    else finish();
  };
  const timer = setInterval(tick, SECOND_MS);
  const finish = () => {
    clearInterval(timer);
    note.remove();
    button.removeAttribute('aria-disabled');
  };
  button.setAttribute('aria-disabled', 'true');
  signal.addEventListener('abort', () => clearInterval(timer));
  tick();
}
