import type { Audience } from './sms-delivery.entity';
import type { Draw, Share, Take } from './sms-flows.service';

const DAY_MS = 86_400_000;
/** An eighth of a day's budget, that of three hours, may be spent at once; the rest flows in over the day. */
const AT_ONCE = 1 / 8;
/** How long that takes to flow in. */
const DEPTH_MS = (AT_ONCE / (1 - AT_ONCE)) * DAY_MS;
/** Of what strangers may use, half flows in for a country that has no budget of its own. */
const COUNTRY_SHARE = 1 / 2;
/** What a number may get of the reserve: so many messages at once, and then one a day. One is left to devices. */
const RESERVED_MESSAGES = { home: 2, device: 3 };

/** From whose share a message is paid: that of strangers first, then, for those whose number it is, from the reserve. */
export type Lane = Audience;

export const LANES: Record<Audience, readonly Lane[]> = {
  fresh: ['fresh'],
  home: ['fresh', 'home'],
  device: ['fresh', 'device'],
  notice: ['notice'],
};

/** The shares that each lane is part of. */
const SHARES: Record<Lane, readonly Share[]> = {
  fresh: ['fresh', 'home', 'total'],
  home: ['home', 'total'],
  device: ['total'],
  notice: ['total'],
};

/** Of a budget, of which `reserve` per cent are kept: for devices, and up to half of it for networks. */
export function shareOf(share: Share, budget: number, reserve: number): number {
  const kept = { fresh: reserve, home: reserve / 2, total: 0 }[share];
  return (budget * (100 - kept)) / 100;
}

/** What a message takes from a budget: in no 24 hours more than that flows out. */
export function drawOf(
  scope: string,
  lane: Lane,
  budget: number,
  reserve: number,
  price: number,
): Draw {
  const takes = SHARES[lane].map((share) => [share, take(shareOf(share, budget, reserve), price)]);
  return { scope, shares: Object.fromEntries(takes) };
}

/** The same for callers whose network has used up its share: a quarter of what may be spent at once is left to all others. */
export function aboveQuarter({ scope, shares }: Draw): Draw {
  const takes = Object.entries(shares).map(([share, { costMs, depthMs }]) => {
    return [share, { costMs, depthMs: Math.max(costMs, depthMs * (3 / 4)) }];
  });
  return { scope, shares: Object.fromEntries(takes) };
}

/** What a message to strangers takes from a country without a budget: it may use all there is at once, but less flows in. */
export function countryDraw(country: string, fresh: number, price: number): Draw {
  const { costMs, depthMs } = take(fresh, price);
  const slower = { costMs: costMs / COUNTRY_SHARE, depthMs: depthMs / COUNTRY_SHARE };
  return { scope: country, shares: { fresh: slower } };
}

/** What a message takes from a network, half of whose share of a day may be spent at once. */
export function networkDraw(network: string, share: number, price: number): Draw {
  const costMs = (price / (share / 2)) * DAY_MS;
  return { scope: network, shares: { total: { costMs, depthMs: Math.max(DAY_MS, costMs) } } };
}

export const numberDraw = (digest: string, lane: keyof typeof RESERVED_MESSAGES): Draw => ({
  scope: digest,
  shares: { total: { costMs: DAY_MS, depthMs: RESERVED_MESSAGES[lane] * DAY_MS } },
});

/** What a security notice takes from the part of a budget that is theirs. */
export const noticeDraw = (budget: number, price: number): Draw => ({
  scope: 'notices',
  shares: { total: take(budget, price) },
});

/** How far a share is used up when half of what may be spent at once is. */
export const HALF_USED_MS = DEPTH_MS / 2;

/** What of a budget may be spent at once when the share is used up so far. */
export const leftOf = (budget: number, usedMs: number) =>
  (budget * (1 - AT_ONCE) * Math.max(0, DEPTH_MS - usedMs)) / DAY_MS;

/** A message that costs more than may be spent at once waits until the bucket is full; one beyond the budget for ever. */
function take(budget: number, price: number): Take {
  const costMs = budget > 0 ? (price / (budget * (1 - AT_ONCE))) * DAY_MS : Infinity;
  return { costMs, depthMs: price > budget ? DEPTH_MS : Math.max(DEPTH_MS, costMs) };
}
