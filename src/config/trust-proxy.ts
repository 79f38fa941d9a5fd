import { isPrivate, type Network, parseNetwork } from '../common/network';
import { commaSeparated, field } from './env-fields';

const MOST_HOPS = 10;
/** More public addresses than in such a block belong to clients, too. Content networks that publish theirs have fewer. */
const LARGEST = { ipv4: 8, ipv6: 20 };

/** Which peers may name the client address: `false`, how many hops, or a list of addresses and CIDRs. */
export function TrustProxy(): PropertyDecorator {
  return field<false | number | string[]>(
    (text) => {
      if (/^(false|0+)$/.test(text)) return false;
      return /^\d+$/.test(text) ? Number(text) : commaSeparated(text);
    },
    (value) => {
      if (!Array.isArray(value)) return value === false || (value >= 1 && value <= MOST_HOPS);
      return value.length > 0 && isOfProxies(value.map(parseNetwork));
    },
    `must be false, a number of hops up to ${MOST_HOPS}, or a comma-separated list of addresses and CIDRs of your proxies, ` +
      `in all no more public addresses than an IPv4 /${LARGEST.ipv4} or an IPv6 /${LARGEST.ipv6}: whoever has one names any client`,
  );
}

/** However the blocks are written or divided: what they cover decides. */
function isOfProxies(networks: (Network | undefined)[]): boolean {
  const shares = { ipv4: 0, ipv6: 0 };
  for (const network of networks) {
    if (!network) return false;
    const [address, bits] = network;
    if (!isPrivate(network)) shares[address.kind()] += 2 ** -bits;
  }
  return shares.ipv4 <= 2 ** -LARGEST.ipv4 && shares.ipv6 <= 2 ** -LARGEST.ipv6;
}
