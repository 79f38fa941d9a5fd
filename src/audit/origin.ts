import { coarseNetwork } from '../common/networks';
import type { Caller } from '../contract/caller.decorator';
import { type By, byUser, type Origin } from './change';

export function originOf({ address, requestId }: Pick<Caller, 'address' | 'requestId'>): Origin {
  return { network: coarseNetwork(address), requestId };
}

/** What users do to themselves. */
export const ownChange = (userId: string, caller: Caller): By => ({
  actor: byUser(userId),
  origin: originOf(caller),
});
