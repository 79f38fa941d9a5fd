import { randomInt } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';

/** A way to name another client address: the header, and how to write it. */
export interface Forgery {
  readonly header: string;
  /** Names another address each time. */
  readonly forge: () => OutgoingHttpHeaders;
}

/** The headers by which proxies and content networks name the client, with each form they know. */
export const FORGERIES: readonly Forgery[] = [
  ...forms('X-Forwarded-For', [
    ipv4,
    ipv6,
    () => `${ipv4()}:41234`,
    () => `[${ipv6()}]:41234`,
    () => `::ffff:${ipv4()}`,
    () => `${ipv4()}, ${ipv4()}, ${ipv4()}`,
    () => `${ipv6()}, ${ipv4()}`,
    () => [ipv4(), ipv4()],
    () => 'unknown',
  ]),
  ...forms('Forwarded', [
    () => `for=${ipv4()}`,
    () => `for="[${ipv6()}]:41234"`,
    () => `for=${ipv4()}, for=${ipv4()};proto=https`,
  ]),
  ...[
    'X-Real-IP',
    'CF-Connecting-IP',
    'True-Client-IP',
    'X-Client-IP',
    'X-Cluster-Client-IP',
    'Fastly-Client-IP',
  ].flatMap((header) => forms(header, [ipv4, ipv6])),
  // Names X-Forwarded-For as a header that ends here: a proxy that obeys drops what others wrote there.
  { header: 'Connection', forge: () => ({ Connection: 'close, X-Forwarded-For' }) },
];

function forms(header: string, values: (() => string | string[])[]): Forgery[] {
  return values.map((value) => ({ header, forge: () => ({ [header]: value() }) }));
}

/** From the block for benchmarks (RFC 2544), which no client has: where it is believed, nobody pays. */
function ipv4(): string {
  return `198.${18 + randomInt(2)}.${randomInt(256)}.${randomInt(256)}`;
}

/** From the block for documentation (RFC 3849), each in a /64 of its own. */
function ipv6(): string {
  return `2001:db8:${hextet()}:${hextet()}::1`;
}

const hextet = () => randomInt(0x1_00_00).toString(16);
