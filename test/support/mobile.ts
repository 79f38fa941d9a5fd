import { randomInt } from 'node:crypto';

/** A valid mobile number in E.164 that no other test has. */
export function randomMobile(): string {
  return `+86138${String(randomInt(100_000_000)).padStart(8, '0')}`;
}

/** Numbers that share all but the last four digits, as those rent them who pump messages. */
export function* numbersOfBlock(): Generator<string, never> {
  const prefix = randomMobile().slice(0, -4);
  for (let number = 0; ; number++) yield prefix + String(number).padStart(4, '0');
}
