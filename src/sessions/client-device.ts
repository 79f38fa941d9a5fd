import { parse } from 'bowser';
import type { Caller } from '../contract/caller.decorator';
import { coarseNetwork } from '../common/networks';

/** What a login tells of the client, for the owner to recognise it by. */
export interface ClientDevice {
  readonly device: string | null;
  readonly network: string;
}

const MAX_USER_AGENT = 512;
const MAX_DEVICE = 64;
const NAME = /^[\w .-]+/;

/** `Chrome on Android` from a User-Agent that anyone may have made up. */
export function describeClient({ address, userAgent }: Caller): ClientDevice {
  return {
    device: describeDevice(userAgent?.slice(0, MAX_USER_AGENT)),
    network: coarseNetwork(address),
  };
}

function describeDevice(userAgent: string | undefined): string | null {
  if (!userAgent) return null;
  const { browser, os } = parse(userAgent);
  // What is no browser names itself first: `TandemApp/1.2 (iPhone; iOS 26)`.
  const client = userAgent.startsWith('Mozilla/') ? browser.name : userAgent;
  const [name] = NAME.exec(client ?? '') ?? [];
  return [name?.trim(), os.name].filter(Boolean).join(' on ').slice(0, MAX_DEVICE) || null;
}
