import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { KeyRing } from '../config/key-ring';

const SECRET_BYTES = 16;
const FORM = /^([1-9]\d{0,18})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** The secret part of a token, and what the row of its device holds of it. */
export interface DeviceSecret {
  readonly secret: string;
  readonly hash: string;
}

/** A device whose token was shown: ours, but only its row says whether it still lives, and whose it is. */
export interface ShownDevice extends DeviceSecret {
  readonly id: string;
  /** What its row may hold: by the key of now, and by that before the last change. */
  readonly hashes: readonly string[];
}

/**
 * Makes and reads device tokens: the id of a device, a random secret, and a MAC over both. By that, a token that somebody
 * made up costs no look into a store.
 */
@Injectable()
export class DeviceTokensService {
  /** Of the secret, then of the one before. */
  private readonly keys: readonly Keys[];

  constructor(ring: KeyRing) {
    this.keys = ring.generations.map((generation) => ({
      token: generation.derive('device token'),
      secret: generation.derive('device secret'),
      seed: generation.derive('device secret of a login'),
    }));
  }

  /** @param seed from which the same one follows again: a login that is repeated adds no second device. */
  newSecret(seed?: string): DeviceSecret {
    const bytes = seed === undefined ? randomBytes(SECRET_BYTES) : mac(this.keys[0]!.seed, seed);
    const secret = bytes.subarray(0, SECRET_BYTES).toString('base64url');
    return { secret, hash: this.hashesOf(secret)[0]! };
  }

  tokenOf(id: string, secret: string): string {
    return `${id}.${secret}.${macOf(this.keys[0]!, id, secret)}`;
  }

  /** @returns null for a token that is not ours. */
  read(token = ''): ShownDevice | null {
    const [, id, secret, mac] = FORM.exec(token) ?? [];
    if (!id || !secret || !mac) return null;
    if (!this.keys.some((key) => isSame(mac, macOf(key, id, secret)))) return null;
    const hashes = this.hashesOf(secret);
    return { id, secret, hash: hashes[0]!, hashes };
  }

  private hashesOf(secret: string): string[] {
    return this.keys.map((key) => digest(key.secret, secret));
  }
}

interface Keys {
  readonly token: Buffer;
  readonly secret: Buffer;
  readonly seed: Buffer;
}

const macOf = (key: Keys, id: string, secret: string) => digest(key.token, `${id} ${secret}`);

const mac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

export const digest = (key: Buffer, text: string) => mac(key, text).toString('base64url');

/** Of two digests, in constant time. */
export const isSame = (a: string, b: string) => timingSafeEqual(Buffer.from(a), Buffer.from(b));
