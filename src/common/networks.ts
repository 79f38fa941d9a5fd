import ipaddr from 'ipaddr.js';
import { remembering } from './remembering';
import { type Address, parseAddress, parseNetwork, isWithin, type Network } from './network';

/** An address as some proxies forward it: `203.0.113.7:41234`, `[2001:db8::1]:41234`. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

/**
 * How broad the networks are that are counted together, the subscriber first. One holds at least the /64 of IPv6, many
 * hold a /56 or a /48, and hosts sell a /40 or a /32.
 */
const LEVELS = { ipv4: [32, 24, 20], ipv6: [64, 56, 48, 40, 32] };

/** Ways of an IPv4 host through IPv6, and where its address is in theirs. */
const TUNNELS = [
  { of: '2002::/16', read: ({ parts }: ipaddr.IPv6) => ipv4Of(parts[1]!, parts[2]!) }, // 6to4, RFC 3056
  // Teredo, RFC 4380, section 4: every bit is inverted.
  { of: '2001::/32', read: ({ parts }: ipaddr.IPv6) => ipv4Of(~parts[6]!, ~parts[7]!) },
  { of: '64:ff9b::/96', read: ({ parts }: ipaddr.IPv6) => ipv4Of(parts[6]!, parts[7]!) }, // NAT64, RFC 6052
].map(({ of, read }) => ({ network: parseNetwork(of)!, read }));

/** What is known of a block of addresses beside its length. */
export interface Operated {
  readonly network: Network;
  readonly operator: string;
}

/** Of the addresses of requests under way, which several ask for. */
const REMEMBERED = 1000;

/** The networks that callers are counted by. */
export class Networks {
  /** Operators by block, as {@link blockOf} writes it. */
  private readonly operators: ReadonlyMap<string, string>;
  /** The lengths of their blocks, the narrowest first. */
  private readonly lengths: Record<'ipv4' | 'ipv6', number[]>;

  constructor(operated: readonly Operated[] = []) {
    this.operators = new Map(
      operated.map(({ network, operator }) => [blockOf(...network), operator]),
    );
    this.lengths = { ipv4: lengthsOf('ipv4', operated), ipv6: lengthsOf('ipv6', operated) };
  }

  /**
   * The networks of a client address, from the subscriber to what its host holds: `203.0.113.7`, `203.0.113.0/24`,
   * `203.0.112.0/20`. An IPv4 address also when IPv6 carries it. Where the operator is known, all that it holds is the
   * broadest: `operator Example Mobile`. All that a proxy may forward in place of an address (RFC 7239, section 6) is one
   * network.
   */
  readonly of = remembering((forwarded: string) => this.levelsOf(forwarded), REMEMBERED);

  private levelsOf(forwarded: string): NetworkLevels {
    const address = clientAddress(forwarded);
    if (!address) return ['unknown'];
    const [most, ...fewer] = LEVELS[address.kind()];
    const length = this.lengths[address.kind()].find((bits) =>
      this.operators.has(blockOf(address, bits)),
    );
    const levels = [most!, ...fewer.filter((bits) => length === undefined || bits > length)];
    const [narrowest, ...broader] = levels.map((bits) => blockOf(address, bits));
    if (length === undefined) return [narrowest!, ...broader];
    return [narrowest!, ...broader, `operator ${this.operators.get(blockOf(address, length))}`];
  }
}

/** The narrowest first. */
export type NetworkLevels = readonly [narrowest: string, ...broader: string[]];

const lengthsOf = (kind: 'ipv4' | 'ipv6', operated: readonly Operated[]) => {
  const networks = operated.map(({ network }) => network);
  const lengths = networks.filter(([address]) => address.kind() === kind).map(([, bits]) => bits);
  return [...new Set(lengths)].toSorted((one, other) => other - one);
};

const guessed = new Networks();

/** Those of an address whose operator nobody knows. */
export const networksOf = (forwarded: string): NetworkLevels => guessed.of(forwarded);

/** The address of a client, of IPv4 also when IPv6 carries it; undefined for what stands in place of one. */
export function clientAddress(forwarded: string): Address | undefined {
  const [, ipv6, ipv4] = WITH_PORT.exec(forwarded) ?? [];
  const address = parseAddress(ipv6 ?? ipv4 ?? forwarded);
  return address instanceof ipaddr.IPv6 ? carriedBy(address) : address;
}

/** The limit bucket of a client address: an IPv4 address, or the /64 of an IPv6 address. */
export const addressBucket = (forwarded: string): string => networksOf(forwarded)[0];

/** Enough of a client address to recognise a place by: the /24 of IPv4, the /48 of IPv6. */
export function coarseNetwork(forwarded: string): string {
  const [narrowest, second = narrowest, third] = networksOf(forwarded);
  return third?.endsWith('/48') ? third : second;
}

function carriedBy(address: ipaddr.IPv6): Address {
  const tunnel = TUNNELS.find(({ network }) => isWithin(address, network));
  return tunnel ? tunnel.read(address) : address;
}

function ipv4Of(high: number, low: number): ipaddr.IPv4 {
  return new ipaddr.IPv4([high >> 8, high, low >> 8, low].map((octet) => octet & 0xff));
}

/** The block of an address, by its first bits: `203.0.113.0/24`, all 32 of IPv4 without a slash. */
export function blockOf(address: Address, bits: number): string {
  if (address instanceof ipaddr.IPv6) {
    const groups = address.parts.slice(0, Math.ceil(bits / 16));
    const unused = groups.length * 16 - bits;
    groups.push(groups.pop()! & (0xffff << unused));
    return `${groups.map((group) => group.toString(16)).join(':')}::/${bits}`;
  }
  if (bits === 32) return address.toString();
  const value = address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const block = Math.floor(value / 2 ** (32 - bits)) * 2 ** (32 - bits);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(block / 2 ** shift) % 256);
  return `${octets.join('.')}/${bits}`;
}
