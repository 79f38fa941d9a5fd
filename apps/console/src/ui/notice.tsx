import { signal } from '@preact/signals';

const said = signal('');
let timer: ReturnType<typeof setTimeout> | undefined;
const SHOWN_MS = 8000;

/** Tells what was done, to screen readers, too. */
export function say(text: string): void {
  clearTimeout(timer);
  said.value = text;
  timer = setTimeout(() => (said.value = ''), SHOWN_MS);
}

export function Notice() {
  return (
    <div class="notice" role="status" aria-live="polite">
      {said.value && <p>{said.value}</p>}
    </div>
  );
}
