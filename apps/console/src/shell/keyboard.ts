import { useEffect } from 'preact/hooks';
import { to } from '../place.ts';
import { may } from '../session/may.ts';
import { focusHeading } from './kept-focus.ts';
import { SCREENS } from './screens.tsx';

/** How long `g` waits for its letter. */
const CHORD_MS = 1500;

export function useKeyboard(route: (url: string) => void, showHelp: () => void): void {
  useEffect(() => {
    let goneAt = -Infinity;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target)) return leaveField(event);
      if (document.querySelector('dialog[open]')) return;
      const isChord = performance.now() - goneAt < CHORD_MS;
      goneAt = event.key === 'g' ? performance.now() : -Infinity;
      if (isChord) return go(event.key, route);
      if (event.key === '/') focusFind(event);
      if (event.key === '?') showHelp();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [route]);
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, select, textarea');

function leaveField({ key, target }: KeyboardEvent): void {
  const isInDialog = document.querySelector('dialog[open]') !== null;
  if (key === 'Escape' && target instanceof HTMLElement && !isInDialog) focusHeading(target);
}

function go(key: string, route: (url: string) => void): void {
  const screen = Object.values(SCREENS).find((one) => one.key === key && may(one.role));
  if (screen) route(to(screen.path));
}

function focusFind(event: KeyboardEvent): void {
  const fields = [...document.querySelectorAll<HTMLInputElement>('[role=search] input')];
  const field = fields.findLast((one) => one.offsetParent !== null);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}
