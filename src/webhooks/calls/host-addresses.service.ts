import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { isWithin, type Network, parseAddress, parseNetwork } from '../../common/network';
import { isPublicAddress } from '../../common/public-address';
import { Env } from '../../config/env';
import { CallError } from './call-failure';

const DNS_TIMEOUT_MS = 2000;
const DNS_TRIES = 2;

/** Finds the addresses of a host, and refuses it if only one of them is not public. */
@Injectable()
export class HostAddressesService {
  /** Asks the name servers itself: calls of the system, of which few run at a time, would wait for a dead one. */
  readonly resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  private readonly ownNames: ReadonlySet<string>;
  private readonly ownNetworks: readonly Network[];

  constructor({ WEBHOOK_ALLOW_PRIVATE }: Env) {
    this.ownNames = new Set(WEBHOOK_ALLOW_PRIVATE);
    const networks = WEBHOOK_ALLOW_PRIVATE.map((text) => parseNetwork(text));
    this.ownNetworks = networks.filter((network) => network !== undefined);
  }

  /**
   * @param host of a URL: a name, or an address without brackets.
   * @throws CallError `dns` or `address`.
   */
  async of(host: string): Promise<string[]> {
    const isOwn = this.ownNames.has(host);
    const addresses = isIP(host) > 0 ? [host] : await this.resolve(host, isOwn);
    if (addresses.length === 0) throw new CallError('dns');
    const isAllowed = (address: string) => isPublicAddress(address) || this.isOwn(address);
    if (!isOwn && !addresses.every(isAllowed)) throw new CallError('address');
    return addresses;
  }

  private async resolve(host: string, isOwn: boolean): Promise<string[]> {
    // Names of one's own network may stand in the hosts file only.
    if (isOwn) return systemAddresses(host);
    const answers = await Promise.allSettled([
      this.resolver.resolve4(host),
      this.resolver.resolve6(host),
    ]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  }

  private isOwn(text: string): boolean {
    const address = parseAddress(text);
    return address !== undefined && this.ownNetworks.some((network) => isWithin(address, network));
  }
}

async function systemAddresses(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
