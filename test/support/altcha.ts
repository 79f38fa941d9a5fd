import { createHash } from 'node:crypto';

export interface AltchaChallenge {
  algorithm: string;
  challenge: string;
  maxnumber: number;
  salt: string;
  signature: string;
}

/** The answer of a browser, as the ALTCHA widget writes it, with changes for a forger. */
export function solve(challenge: AltchaChallenge, changes: Record<string, unknown> = {}): string {
  const { algorithm, salt, signature } = challenge;
  const found = { number: numberOf(challenge), took: 1 };
  return encode({
    algorithm,
    challenge: challenge.challenge,
    salt,
    signature,
    ...found,
    ...changes,
  });
}

export const encode = (payload: unknown) => Buffer.from(JSON.stringify(payload)).toString('base64');

function numberOf({ challenge, maxnumber, salt }: AltchaChallenge): number {
  for (let number = 0; number <= maxnumber; number++) {
    if (createHash('sha256').update(`${salt}${number}`).digest('hex') === challenge) return number;
  }
  throw new Error('The challenge has no solution.');
}
