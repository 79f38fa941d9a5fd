import type ipaddr from 'ipaddr.js';
import { parseAddress } from './network';

/** An address as some proxies forward it: `203.0.113.7:41234`, `[2001:db8::1]:41234`. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

/**
 * The limit bucket of a client address: an IPv4 address, also when it comes mapped into IPv6, or the
 * /64 of an IPv6 address, since one subscriber holds at least that many. All that a proxy may forward
 * in place of an address (RFC 7239, section 6) shares one bucket.
 */
export function addressBucket(forwarded: string): string {
  return describe(
    forwarded,
    (ipv4) => ipv4.toString(),
    (ipv6) => prefix(ipv6, 4),
  );
}

/** Enough of a client address to recognise a place by: the /24 of IPv4, the /48 of IPv6. */
export function coarseNetwork(forwarded: string): string {
  return describe(
    forwarded,
    (ipv4) => `${ipv4.octets.slice(0, 3).join('.')}.0/24`,
    (ipv6) => prefix(ipv6, 3),
  );
}

function describe(
  forwarded: string,
  ofIpv4: (address: ipaddr.IPv4) => string,
  ofIpv6: (address: ipaddr.IPv6) => string,
): string {
  const [, ipv6, ipv4] = WITH_PORT.exec(forwarded) ?? [];
  const parsed = parseAddress(ipv6 ?? ipv4 ?? forwarded);
  if (!parsed) return 'unknown';
  return parsed.kind() === 'ipv4' ? ofIpv4(parsed as ipaddr.IPv4) : ofIpv6(parsed as ipaddr.IPv6);
}

function prefix({ parts }: ipaddr.IPv6, groups: number): string {
  const network = parts.slice(0, groups).map((part) => part.toString(16));
  return `${network.join(':')}::/${groups * 16}`;
}
