import type { ProviderName } from '../config/sms-env';

/** One message, and whether its code was used. */
export interface Sent {
  readonly challengeId: string;
  readonly country: string;
  readonly provider: ProviderName;
  /** Stands for a number. */
  readonly numberRef: string;
  readonly network: string;
  readonly isUsed: boolean;
}

/** Numbers of one network that vote: nobody with many phones decides. */
const MOST_PER_NETWORK = 3;
/** Fewer numbers tell nothing of a provider. */
const LEAST_VOTES = 20;
/** By how much more of its codes must be used for a provider to go first. */
const MARGIN = 0.15;

/** The share of the codes that were used, by country and provider, where enough numbers have voted. */
export type Ranking = ReadonlyMap<string, ReadonlyMap<ProviderName, number>>;

/**
 * Counts one vote of each number for each provider that has sent to it.
 *
 * @param messages the newest first. Of those of one challenge that count as used, which have the same code, only the last can have brought it.
 */
export function ranked(messages: Iterable<Sent>): Ranking {
  const boxes = new Map<string, Map<ProviderName, Box>>();
  const used = new Set<string>();
  for (const message of messages) {
    const hasBrought = message.isUsed && !used.has(message.challengeId);
    if (hasBrought) used.add(message.challengeId);
    const ofCountry = boxes.get(message.country) ?? new Map<ProviderName, Box>();
    boxes.set(message.country, ofCountry);
    const box = ofCountry.get(message.provider) ?? new Box();
    ofCountry.set(message.provider, box);
    box.cast(message, hasBrought);
  }
  return new Map([...boxes].map(([country, ofCountry]) => [country, sharesOf(ofCountry)]));
}

/**
 * The provider that should go first instead of the one that is configured so.
 *
 * @param priceOf of a message; one that costs more than twice as much goes first for no reason.
 */
export function firstOf(
  route: readonly ProviderName[],
  shares: ReadonlyMap<ProviderName, number> | undefined,
  priceOf: (provider: ProviderName) => number,
): ProviderName | undefined {
  const [first] = route;
  const least = first && shares?.get(first);
  if (first === undefined || least === undefined) return first;
  const better = route.filter(
    (name) => (shares!.get(name) ?? 0) >= least + MARGIN && priceOf(name) <= 2 * priceOf(first),
  );
  return better.toSorted((one, other) => shares!.get(other)! - shares!.get(one)!)[0] ?? first;
}

function sharesOf(boxes: Map<ProviderName, Box>): Map<ProviderName, number> {
  const counted = [...boxes].filter(([, { votes }]) => votes >= LEAST_VOTES);
  return new Map(counted.map(([provider, { votes, used }]) => [provider, used / votes]));
}

/** The votes on one provider in one country. */
class Box {
  votes = 0;
  used = 0;
  private readonly voters = new Set<string>();
  private readonly networks = new Map<string, number>();

  cast({ numberRef, network }: Sent, isUsed: boolean): void {
    const fromThere = this.networks.get(network) ?? 0;
    if (this.voters.has(numberRef) || fromThere >= MOST_PER_NETWORK) return;
    this.voters.add(numberRef);
    this.networks.set(network, fromThere + 1);
    this.votes += 1;
    if (isUsed) this.used += 1;
  }
}
