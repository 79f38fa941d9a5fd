import { randomInt } from 'node:crypto';

/** A valid mobile number in E.164 that no other test has. */
export function randomMobile(): string {
  return `+86138${String(randomInt(100_000_000)).padStart(8, '0')}`;
}
