import { parseNetwork } from '../../common/network';
import { blockOf } from '../../common/networks';
import { hasCountryCode, parseMobile } from '../../common/phone-number';

/** Digits that numbers begin with. */
const PREFIX = /^\+[1-9]\d{1,13}\*$/;
/** The broadest and the narrowest network: one bit more would hold a part of the internet, or of a subscriber. */
const BITS = { ipv4: [8, 32], ipv6: [16, 64] } as const;

/**
 * The one spelling of a number (`+8613812345678`), of those that begin alike (`+86138*`) or of a network
 * (`203.0.113.0/24`); an IPv6 address is its /64. Undefined for anything else.
 *
 * @throws ApiException `VALIDATION_FAILED` for what is meant to be a number and is none.
 */
export function blockTarget(text: string): string | undefined {
  if (PREFIX.test(text)) return text;
  return hasCountryCode(text) ? parseMobile(text, ['*']) : networkTarget(text);
}

function networkTarget(text: string): string | undefined {
  const [address, bits] = parseNetwork(text) ?? [];
  if (!address) return undefined;
  const [broadest, narrowest] = BITS[address.kind()];
  const isOne = !text.includes('/');
  if (bits! < broadest || (bits! > narrowest && !isOne)) return undefined;
  return blockOf(address, Math.min(bits!, narrowest));
}
