import { createHmac } from 'node:crypto';
import { remembering } from '../common/remembering';
import type { KeyRing } from '../config/key-ring';

/** What stands for a number or an address in the keys of Redis. */
export type Digest = (text: string) => string;

/** Of as many as one turn of the event loop may ask for: within a request it is the same ones several times. */
const REMEMBERED = 5000;

const digests = new WeakMap<KeyRing, Digest>();

/** One for all who ask by a ring. By the older secret while there are two: all nodes know it, and what is kept is found again after the change. */
export function digestBy(ring: KeyRing): Digest {
  const digest = digests.get(ring) ?? newDigest(ring);
  digests.set(ring, digest);
  return digest;
}

function newDigest(ring: KeyRing): Digest {
  const key = ring.generations.at(-1)!.derive('redis key');
  const digestOf = (text: string) =>
    createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
  return remembering(digestOf, REMEMBERED);
}
