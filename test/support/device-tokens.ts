import { createHmac, randomBytes } from 'node:crypto';
import { KeyRing } from '../../src/config/key-ring';
import type { TestApp } from './test-app';

const DAY = 86_400_000;

/** A device token as release 0.1.0 gave it to a login so many days ago. */
export function formerDeviceToken(app: TestApp, mobile: string, daysAgo = 0): string {
  const id = randomBytes(16).toString('base64url');
  const day = Math.floor(Date.now() / DAY) - daysAgo;
  const key = app.nest.get(KeyRing).derive('device');
  const mac = createHmac('sha256', key).update(`${mobile} ${id} ${day}`).digest('base64url');
  return `${id}.${day}.${mac}`;
}
