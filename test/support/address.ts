import { randomInt } from 'node:crypto';

/** The header by which a trusted proxy names a client address that no other test has. */
export function fromNewAddress(): { headers: Record<string, string> } {
  const [b, c, d] = [randomInt(256), randomInt(256), randomInt(256)];
  return { headers: { 'x-forwarded-for': `10.${b}.${c}.${d}` } };
}
