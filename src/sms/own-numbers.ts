import type { E164 } from '../common/phone-number';
import type { Env } from '../config/env';
import { namedProviders } from '../config/sms-settings';

/** Whether messages come from this number: no provider sends one to itself. */
export function isOwnNumber(mobile: E164, env: Env): boolean {
  return env.TWILIO_FROM === mobile && namedProviders(env).includes('twilio');
}
