/** Shared by all tabs: work in one keeps the others open. */
const KEY = 'tandem console active';
const LOCK_MS = 15 * 60_000;
const LEAVE_MS = 60 * 60_000;
const LOOK_MS = 5000;
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'];

export function noteActivity(): void {
  localStorage.setItem(KEY, String(Date.now()));
}

/** As if nobody had been here for long: also after a reload, and in the other tabs. */
export function endActivity(): void {
  localStorage.setItem(KEY, String(Date.now() - LOCK_MS));
}

export const isIdle = (): boolean => idleFor() >= LOCK_MS;

function idleFor(): number {
  const last = Number(localStorage.getItem(KEY));
  return last ? Date.now() - last : 0;
}

/** @param lock after a quarter of an hour. @param leave after an hour. */
export function watchIdleness(isOpen: () => boolean, lock: () => void, leave: () => void): void {
  const look = () => {
    if (idleFor() >= LEAVE_MS) leave();
    else if (isIdle()) lock();
  };
  const note = () => {
    look();
    if (isOpen() && idleFor() > LOOK_MS) noteActivity();
  };
  for (const sign of SIGNS) addEventListener(sign, note, { passive: true, capture: true });
  document.addEventListener('visibilitychange', look);
  setInterval(look, LOOK_MS);
}
