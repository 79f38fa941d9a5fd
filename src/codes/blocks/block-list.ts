import { parseNetwork } from '../../common/network';
import { blockOf, clientAddress } from '../../common/networks';
import type { E164 } from '../../common/phone-number';
import { isSeal, type SealsOf } from './sealed-number';

/** What is blocked, looked up by all that a number or an address may be blocked as. */
export class BlockList {
  private readonly bits = { ipv4: new Set<number>(), ipv6: new Set<number>() };
  private readonly sealsOf: (mobile: E164) => string[];

  /** @param ends by target, in epoch milliseconds. */
  constructor(
    sealsOf: SealsOf,
    private readonly ends: ReadonlyMap<string, number> = new Map(),
  ) {
    this.sealsOf = [...ends.keys()].some(isSeal) ? sealsOf : () => [];
    for (const target of ends.keys()) {
      const [address, bits] = parseNetwork(target) ?? [];
      if (address) this.bits[address.kind()].add(bits!);
    }
  }

  /** When the last block of a number ends; 0 without one. */
  endOfNumber(mobile: E164): number {
    if (this.ends.size === 0) return 0;
    const prefixes = Array.from(mobile, (_, index) => `${mobile.slice(0, index + 1)}*`);
    return this.lastEnd([mobile, ...prefixes, ...this.sealsOf(mobile)]);
  }

  /** The same of an address. */
  endOfAddress(forwarded: string): number {
    const address = this.ends.size > 0 ? clientAddress(forwarded) : undefined;
    if (!address) return 0;
    return this.lastEnd(Array.from(this.bits[address.kind()], (bits) => blockOf(address, bits)));
  }

  private lastEnd(targets: string[]): number {
    return Math.max(0, ...targets.map((target) => this.ends.get(target) ?? 0));
  }
}
