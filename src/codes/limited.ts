import { addressBucket } from '../common/networks';
import { countryOf, type E164, prefixOf } from '../common/phone-number';
import type { Audience } from '../sms/sms-delivery.entity';

/** What somebody does that is limited, as far as limits tell callers apart. */
export interface Limited {
  readonly does: 'ask' | 'guess' | 'log in' | 'solve';
  readonly mobile?: E164;
  /** Of the caller, as `Networks` tells them; null for one that is passed over. */
  readonly networks?: readonly (string | null)[];
  /** Whether the networks around the address have used up theirs. */
  readonly isCrowded?: boolean;
  /** That of the user, which the caller has shown. */
  readonly device?: string | null;
  readonly audience?: Audience;
  /** Whether so many codes of the number were guessed that strangers get fewer of them. */
  readonly isHunted?: boolean;
  /** Whether messages that are kept for owners of the number like this one are used up: they have those of strangers then. */
  readonly isKeptSpent?: boolean;
  /** The request that a code answers, if it was one for a message. */
  readonly request?: string;
  /** Whether it is one that was answered without, since the code is in the owner's hand. */
  readonly isInHand?: boolean;
  /** The user whom a password is for, or the name that nobody has. */
  readonly account?: string;
}

export type Bucket = string | readonly (string | null)[];

export type Scope =
  | 'number'
  | 'asker'
  | 'place'
  | 'caller'
  | 'address'
  | 'networks'
  | 'reach'
  | 'device'
  | 'request'
  | 'prefix'
  | 'country'
  | 'all'
  | 'username'
  | 'device of a username'
  | 'user'
  | 'solver'
  | 'captcha';

const asker = (request: Limited) => request.mobile && request.networks && askerOf(request);
const address = ({ networks }: Limited) => networks?.[0] ?? undefined;
const placeOf = (networks: readonly (string | null)[]) =>
  networks.find((network) => /\/(?:24|48)$/.test(network ?? '')) ?? networks[0];

/** By what points are counted: by nothing where a request has none of it. */
export const SCOPES: Record<Scope, (request: Limited) => Bucket | undefined> = {
  number: ({ mobile }) => mobile,
  // A number, and the address that asks for its codes or presents them.
  asker,
  // A number, and the /24 or the /48 where its codes are asked for.
  place: ({ mobile, networks }) => mobile && networks && `${mobile} ${placeOf(networks)}`,
  caller: (request) => request.device ?? asker(request),
  address,
  networks: ({ networks }) => networks,
  // What a network has used up with numbers that nobody knows does not shut out those that it had before.
  reach: (request) => (isKnown(request) ? address(request) : request.networks),
  device: ({ device }) => device ?? undefined,
  request: ({ request }) => request,
  prefix: ({ mobile }) => mobile && prefixOf(mobile),
  country: ({ mobile }) => mobile && countryOf(mobile),
  all: ({ mobile }) => mobile && 'all',
  username: ({ account }) => account,
  'device of a username': ({ device }) => device ?? undefined,
  user: ({ account }) => account,
  solver: ({ networks }) => networks,
  captcha: () => undefined,
};

/** Who falls under a limit. */
export type Who = (request: Limited) => boolean;

export const all: Who = () => true;
export const devices: Who = ({ device }) => Boolean(device);
export const noDevice: Who = ({ device }) => !device;
/** A number that is a user's, on a device or in a network of its user. */
export const isKnown: Who = ({ audience = 'fresh' }) => audience !== 'fresh';
export const fresh: Who = (request) => !isKnown(request);
export const owners: Who = (request) => devices(request) || isKnown(request);
/** Owners while there are messages that are kept for them, and those of them who show no device. */
export const keptFor: Who = (request) => owners(request) && !request.isKeptSpent;
export const keptForHomes: Who = (request) => keptFor(request) && noDevice(request);
export const others: Who = (request) => !keptFor(request);
export const othersAtHunted: Who = (request) => others(request) && request.isHunted === true;
export const crowded: Who = ({ isCrowded }) => isCrowded === true;
export const requests: Who = ({ device, request }) => !device && request !== undefined;
export const inHand: Who = ({ device, isInHand }) => !device && isInHand === true;
/** Who presents a code that they neither asked for nor have a device for. */
export const guessers: Who = (request) => ![devices, requests, inHand].some((who) => who(request));

const askerOf = ({ mobile, networks }: Pick<Limited, 'mobile' | 'networks'>) =>
  `${mobile} ${networks![0]}`;

/** Who asks for the codes of a number from an address, as `asker` counts them. */
export const askerAt = (mobile: E164, from: string) =>
  askerOf({ mobile, networks: [addressBucket(from)] });
