import { parseNetwork } from '../../common/network';
import { blockOf } from '../../common/networks';
import { ApiException } from '../../common/errors';
import { type E164, hasCountryCode, maskMobile, parseMobile } from '../../common/phone-number';

/** Digits that numbers begin with. */
const PREFIX = /^\+[1-9]\d{1,13}\*$/;
/** The broadest and the narrowest network: one bit more would hold a part of the internet, or of a subscriber. */
const BITS = { ipv4: [8, 32], ipv6: [16, 64] } as const;

/**
 * The one spelling of a number (`+8613812345678`), of those that begin alike (`+86138*`) or of a network
 * (`203.0.113.0/24`); an IPv6 address is its /64. Undefined for anything else.
 *
 * @throws ApiException `VALIDATION_FAILED` for what is meant to be a number and is none, and for a whole one with `*`.
 */
export function blockTarget(text: string): string | undefined {
  if (PREFIX.test(text)) return prefixTarget(text);
  return hasCountryCode(text) ? parseMobile(text, ['*']) : networkTarget(text);
}

/** Whether a target is one whole number. */
export const isNumber = (target: string): target is E164 => /^\+\d+$/.test(target);

/** As operators see it who have no reason to know a number. */
export const maskedTarget = (target: string) => (isNumber(target) ? maskMobile(target) : target);

/** A whole number would be on record, and shown, as if it were none. */
function prefixTarget(text: string): string {
  if (!isWhole(text.slice(0, -1))) return text;
  throw new ApiException('VALIDATION_FAILED', {
    message: ['target is a whole number: leave the * out'],
  });
}

function isWhole(start: string): boolean {
  try {
    return parseMobile(start, ['*']) === start;
  } catch {
    return false;
  }
}

function networkTarget(text: string): string | undefined {
  const [address, bits] = parseNetwork(text) ?? [];
  if (!address) return undefined;
  const [broadest, narrowest] = BITS[address.kind()];
  const isOne = !text.includes('/');
  if (bits! < broadest || (bits! > narrowest && !isOne)) return undefined;
  return blockOf(address, Math.min(bits!, narrowest));
}
