import { createHmac } from 'node:crypto';
import type { KeyRing } from '../config/key-ring';

/** What stands for a number or an address in the keys of Redis. */
export type Digest = (text: string) => string;

/** By the older secret while there are two: all nodes know it, and what is kept is found again after the change. */
export function digestBy(ring: KeyRing): Digest {
  const key = ring.generations.at(-1)!.derive('redis key');
  return (text) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
}
