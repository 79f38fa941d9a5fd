import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition, and fails when it does not hold within `seconds`. */
export async function until(holds: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${holds.toString()}`);
    await delay(10);
  }
}
