import { Injectable } from '@nestjs/common';
import { isPrivate, isWithin, type Network, parseAddress, parseNetwork } from '../common/network';
import { Env } from '../config/env';
import { NetworkHistoryService, type Origin } from './network-history.service';

/** What a network without history may take, and what each number that was verified from it adds. */
const LEAST_SHARE = 0.02;
const SHARE_PER_NUMBER = 0.001;
/** What all networks of a host may take together, in shares of one. */
const NETWORKS_OF_HOST = 4;

/** How much of the SMS budget of a day the callers of one network may use for codes that nobody uses. */
@Injectable()
export class NetworkSharesService {
  private readonly most: number;
  /** Those that `NETWORK_SHARE` names. */
  private readonly named: (readonly [Network, share: number])[];

  constructor(
    private readonly env: Env,
    private readonly history: NetworkHistoryService,
  ) {
    const { '*': most, ...named } = env.NETWORK_SHARE;
    this.most = most! / 100;
    this.named = Object.entries(named).map(([text, share]) => [parseNetwork(text)!, share / 100]);
  }

  /** @returns the shares of the network and of its host; 1 is all of the budget. */
  async sharesOf({ network, host }: Origin): Promise<[network: string, share: number][]> {
    const share = await this.shareOf(network);
    if (host === network) return [[network, share]];
    return [
      [network, share],
      [host, Math.min(1, NETWORKS_OF_HOST * share)],
    ];
  }

  private async shareOf(network: string): Promise<number> {
    const address = parseAddress(baseOf(network));
    const named = address && this.named.find(([block]) => isWithin(address, block));
    if (named) return named[1];
    if (this.isOwn(network)) return 1;
    const numbers = await this.history.verifiedNumbers(network);
    return Math.min(this.most, Math.max(LEAST_SHARE, numbers * SHARE_PER_NUMBER));
  }

  /** A peer that no proxy names is no client of a provider when its address is private: it is a proxy, or one's own. */
  private isOwn(network: string): boolean {
    const block = parseNetwork(network);
    if (!block) return false;
    // The /48 of ::1 begins with ::.
    const isLoopback = ['loopback', 'unspecified'].includes(block[0].range());
    return isLoopback || (this.env.TRUST_PROXY === false && isPrivate(block));
  }
}

const baseOf = (network: string) => network.replace(/\/\d+$/, '');
