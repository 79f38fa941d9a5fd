import { type Tabs, watchTabs } from './tabs.ts';

/** What the client takes from where it runs, in one place: its tests have time, sleep and chance in their hands. */
export interface Environment {
  /** Milliseconds from some moment on, which nobody sets. It may stand still while the device sleeps. */
  monotonic(): number;
  /** Epoch milliseconds as the device believes them: anybody may set them, by years. */
  wall(): number;
  /** @returns what cancels it. */
  after(milliseconds: number, action: () => void): () => void;
  /** From 0 to 1. */
  random(): number;
  /** 132 bits of base64url. */
  secret(): string;
  /** Calls back when the device may have slept, been offline or been elsewhere. @returns what stops that. */
  onWake(action: () => void): () => void;
  /** Calls back when another tab has changed what is kept under a name. */
  watchTabs(name: string, onChange: () => void): Tabs;
}

const SECRET_BYTES = 16;
/** Timers of more than 24.8 days fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const ENVIRONMENT: Environment = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  random: () => Math.random(),
  secret,
  watchTabs,

  after(milliseconds, action) {
    const timer: unknown = setTimeout(action, Math.min(milliseconds, LONGEST_TIMER));
    // A script on Node ends when its work is done.
    (timer as { unref?(): void }).unref?.();
    return () => clearTimeout(timer as number);
  },

  onWake(action) {
    if (typeof addEventListener !== 'function' || typeof document === 'undefined') return () => {};
    const events = ['focus', 'online', 'pageshow'];
    for (const event of events) addEventListener(event, action);
    document.addEventListener('visibilitychange', action);
    return () => {
      for (const event of events) removeEventListener(event, action);
      document.removeEventListener('visibilitychange', action);
    };
  },
};

function secret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
