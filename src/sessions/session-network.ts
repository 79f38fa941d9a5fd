import { type Network, parseNetwork } from '../common/network';

/** Of what `coarseNetwork` keeps of an address: sessions know no more. */
const NARROWEST = { ipv4: 24, ipv6: 48 };

/** A network that sessions can be found by. @returns a sentence where it is none. */
export function sessionNetwork(text: string): Network | string {
  const network = parseNetwork(text);
  if (!network) return 'must be a network, like 203.0.113.0/24 or 2001:db8::/32';
  const [address, bits] = network;
  const narrowest = NARROWEST[address.kind()];
  if (bits <= narrowest) return network;
  return `must be a /${narrowest} or broader: sessions know no more of where they were opened`;
}
