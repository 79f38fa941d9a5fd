import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An address, and how many of its bits name the block. */
export type Network = readonly [address: Address, bits: number];

const PREFIX = /^(0|[1-9]\d{0,2})$/;
const BITS = { ipv4: 32, ipv6: 128 };
/** Of the prefix by which IPv6 holds IPv4. */
const MAPPED_BITS = 96;

/** `10.0.0.0/8`, `2001:db8::1`: undefined for what is none in its usual spelling. A block of mapped IPv4 is one of IPv4. */
export function parseNetwork(text: string): Network | undefined {
  const [host = '', prefix, ...others] = text.split('/');
  if (isIP(host) === 0 || others.length > 0) return undefined;
  const address = ipaddr.parse(host);
  const most = BITS[address.kind()];
  const bits = prefix === undefined ? most : PREFIX.test(prefix) ? Number(prefix) : Infinity;
  if (bits > most) return undefined;
  const isMapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
  return isMapped && bits >= MAPPED_BITS
    ? [address.toIPv4Address(), bits - MAPPED_BITS]
    : [address, bits];
}

/** An IPv4 address also when it comes mapped into IPv6; undefined for what is no address. */
export function parseAddress(text: string): Address | undefined {
  return isIP(text) > 0 ? ipaddr.process(text) : undefined;
}

export function isWithin(address: Address, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

/** @param address undefined for what is none, which is in no network. */
export function isWithinAny(address: Address | undefined, networks: readonly Network[]): boolean {
  return address !== undefined && networks.some((network) => isWithin(address, network));
}

const PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1',
  'fc00::/7',
  'fe80::/10',
].map((text) => parseNetwork(text)!);

/** Whether none of its addresses can be reached from another network. */
export function isPrivate([address, bits]: Network): boolean {
  return PRIVATE.some((block) => bits >= block[1] && isWithin(address, block));
}
