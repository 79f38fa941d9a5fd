import ipaddr from 'ipaddr.js';
import { type Address, isWithin, type Network, parseAddress, parseNetwork } from './network';

/** What the internet reaches of IPv6 (RFC 4291, IANA): all else is reserved, or carries IPv4 in ways that nobody needs. */
const GLOBAL = parseNetwork('2000::/3')!;
/** Well-known NAT64 (RFC 6052): how a network without IPv4 reaches it. */
const NAT64 = parseNetwork('64:ff9b::/96')!;

/** Within public space, and yet not what a host name should lead to. */
const EXCEPT: readonly Network[] = [
  '100.64.0.0/10', // shared by carriers, RFC 6598; also the metadata of Alibaba Cloud
  '168.63.129.16', // the platform of Azure
  '192.0.0.0/24', // protocol assignments, RFC 6890; also the metadata of Oracle Cloud
  '192.88.99.0/24', // relays of 6to4, RFC 7526
  '198.18.0.0/15', // benchmarks, RFC 2544
  '2001::/23', // protocol assignments, Teredo among them
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation, RFC 9637
].map((text) => parseNetwork(text)!);

/** Whether an address is one of the internet: none of a machine, a network, a platform or of many at once. */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && isPublic(address);
}

function isPublic(address: Address): boolean {
  if (address instanceof ipaddr.IPv6) {
    if (isWithin(address, NAT64)) return isPublic(carriedBy(address));
    if (!isWithin(address, GLOBAL)) return false;
  }
  return address.range() === 'unicast' && !EXCEPT.some((network) => isWithin(address, network));
}

const carriedBy = (address: ipaddr.IPv6) => new ipaddr.IPv4(address.toByteArray().slice(-4));
