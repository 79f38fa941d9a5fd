import { isWithinAny, type Network, parseNetwork } from '../../common/network';
import { clientAddress } from '../../common/networks';
import type { Env } from '../../config/env';
import { isSame } from '../../common/is-same';
import type { ReceiptCall } from './receipt';

/** Whoever knows the secret part of the path, and calls from where the configuration says. */
export class UnsignedCalls {
  private readonly secret: string;
  private readonly networks: readonly Network[] | undefined;

  constructor(env: Env) {
    this.secret = env.SMS_RECEIPTS_SECRET!;
    this.networks = env.SMS_RECEIPTS_NETWORKS?.map((text) => parseNetwork(text)!);
  }

  isGenuine({ address, secret = '' }: ReceiptCall): boolean {
    return isSame(secret, this.secret) && this.mayCome(address);
  }

  private mayCome(from: string): boolean {
    return !this.networks || isWithinAny(clientAddress(from), this.networks);
  }
}
