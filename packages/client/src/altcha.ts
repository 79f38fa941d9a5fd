import type { AltchaChallengeDto } from './contract.ts';

/** So many are under way at once: the page stays as it is for its user between two of them. */
const BATCH = 500;

/**
 * The `captcha` for `requestCode` and `logIn`: some seconds of work on a phone, which `signal` ends. Wants a page by HTTPS.
 *
 * @throws Error for a challenge that has no solution, and when it is ended.
 */
export async function solve(challenge: AltchaChallengeDto, signal?: AbortSignal): Promise<string> {
  const { algorithm, salt, signature } = challenge;
  const number = await numberOf(challenge, signal);
  return btoa(
    JSON.stringify({ algorithm, challenge: challenge.challenge, number, salt, signature }),
  );
}

async function numberOf(
  { algorithm, challenge, maxnumber, salt }: AltchaChallengeDto,
  signal?: AbortSignal,
): Promise<number> {
  const wanted = challenge.match(/../g)!.map((byte) => parseInt(byte, 16));
  const isFound = async (number: number) => {
    const text = new TextEncoder().encode(salt + number);
    const hash = new Uint8Array(await crypto.subtle.digest(algorithm, text));
    return hash.every((byte, index) => byte === wanted[index]);
  };
  for (let first = 0; first <= maxnumber; first += BATCH) {
    signal?.throwIfAborted();
    const numbers = Array.from({ length: BATCH }, (_, index) => first + index);
    const found = (await Promise.all(numbers.map(isFound))).indexOf(true);
    if (found >= 0) return first + found;
  }
  throw new Error('The challenge has no solution.');
}
