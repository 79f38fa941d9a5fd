import { fromNewAddress } from './address';
import type { Answer } from './client';
import { lapseCooldown } from './lapse';
import { randomMobile } from './mobile';
import type { TestApp } from './test-app';

/** Asks for a code and reads it from the phone. The app must trust a proxy: the address is new. */
export async function askForCode(app: TestApp, mobile = randomMobile()): Promise<string> {
  const answer = await app.post('/auth/codes', { mobile }, fromNewAddress());
  if (answer.status !== 202) throw new Error(`No code: ${JSON.stringify(answer.body)}`);
  return app.inbox.codeFor(mobile);
}

/** The same once more, as if the cooldown had passed. */
export async function askAgain(app: TestApp, mobile: string): Promise<string> {
  await lapseCooldown(app, mobile);
  return askForCode(app, mobile);
}

/** Logs in, or tries to, from a new address. */
export function presentCode(app: TestApp, mobile: string, code: string): Promise<Answer> {
  return app.post('/auth/tokens', { mobile, code }, fromNewAddress());
}

/** Another code than this one. */
export function otherThan(code: string, offset = 1): string {
  return String((Number(code) + offset) % 1_000_000).padStart(6, '0');
}
