import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { KeyRing } from '../config/key-ring';
import { digest, isSame } from './device-tokens.service';

const DAY_MS = 86_400_000;
const LIFETIME_DAYS = 30;
const FORM = /^([A-Za-z0-9_-]{22})\.([1-9]\d{0,5})\.([A-Za-z0-9_-]{43})$/;

/**
 * Reads the device tokens of release 0.1.0, which no store knows: a MAC over number and day. They count for 30 days after
 * their login, so that none counts any more 30 days after the upgrade.
 */
@Injectable()
export class FormerDeviceTokensService {
  /** Of the secret, then of the one before. */
  private readonly keys: Buffer[];

  constructor(
    private readonly clock: Clock,
    ring: KeyRing,
  ) {
    this.keys = ring.generations.map((generation) => generation.derive('device'));
  }

  /** @returns the end of the day of its login, in epoch milliseconds, or null unless the token is ours, for this number and not too old. */
  issuedBefore(mobile: E164, token = ''): number | null {
    const [, id, day, mac] = FORM.exec(token) ?? [];
    const today = Math.floor(this.clock.now() / DAY_MS);
    if (!id || Number(day) < today - LIFETIME_DAYS) return null;
    const isOurs = this.keys.some((key) => isSame(mac!, digest(key, `${mobile} ${id} ${day}`)));
    return isOurs ? (Number(day) + 1) * DAY_MS : null;
  }
}
