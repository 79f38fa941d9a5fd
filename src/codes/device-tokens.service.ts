import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { E164 } from '../common/phone-number';
import { KeyRing } from '../config/key-ring';

const ID_BYTES = 16;
const LIFETIME_DAYS = 400;
const DAY_MS = 86_400_000;
const FORM = /^([A-Za-z0-9_-]{22})\.([1-9]\d{0,5})\.([A-Za-z0-9_-]{43})$/;

/**
 * Proves that a device has logged in to a number before (the device cookie of OWASP). It opens nothing:
 * it only has its requests counted apart from those of strangers, who could otherwise use up the limits
 * of the number and shut the owner out.
 */
@Injectable()
export class DeviceTokensService {
  /** Of the secret, then of the one before. */
  private readonly keys: Buffer[];

  constructor(ring: KeyRing) {
    this.keys = ring.generations.map((generation) => generation.derive('device'));
  }

  issue(mobile: E164): string {
    const id = randomBytes(ID_BYTES).toString('base64url');
    const day = today();
    return `${id}.${day}.${macOf(mobile, id, day, this.keys[0]!)}`;
  }

  /** @returns the id of the device, or null unless the token is ours, for this number and not too old. */
  deviceOf(mobile: E164, token = ''): string | null {
    const [, id, day, mac] = FORM.exec(token) ?? [];
    if (!id || Number(day) < today() - LIFETIME_DAYS) return null;
    const isOurs = this.keys.some((key) => isEqual(mac!, macOf(mobile, id, Number(day), key)));
    return isOurs ? id : null;
  }
}

const today = () => Math.floor(Date.now() / DAY_MS);

function macOf(mobile: E164, id: string, day: number, key: Buffer): string {
  return createHmac('sha256', key).update(`${mobile} ${id} ${day}`).digest('base64url');
}

const isEqual = (a: string, b: string) => timingSafeEqual(Buffer.from(a), Buffer.from(b));
