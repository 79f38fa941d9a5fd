import { resolve } from 'node:path';

/** Moves the clock of this process, and of the app in it; timers go on as before. */
export function passTime(milliseconds: number): void {
  const now = Date.now() + milliseconds;
  jest.useFakeTimers({
    now,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
}

/** The environment of a server whose clock goes wrong by so many minutes. */
export const clockOff = (minutes: number) => ({
  NODE_OPTIONS: `--require=${resolve(__dirname, 'shift-clock.js')}`,
  CLOCK_SHIFT: String(minutes * 60_000),
});
