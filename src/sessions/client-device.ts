import { parse } from 'bowser';
import type { Caller } from '../contract/caller.decorator';
import type { DeviceType } from '../common/device-type';
import { coarseNetwork } from '../common/networks';

/** What a login tells of the client, for the owner to recognise it by. */
export interface ClientDevice {
  readonly device: string | null;
  readonly deviceType: DeviceType;
  readonly network: string;
}

const MAX_USER_AGENT = 512;
const MAX_DEVICE = 64;
/** As bowser names them. */
const TYPES: Readonly<Record<string, DeviceType>> = {
  mobile: 'phone',
  tablet: 'tablet',
  desktop: 'desktop',
  tv: 'tv',
};
const NAME = /^[\w .-]+/;

/** `Chrome on Android` from a User-Agent that anyone may have made up. */
export function describeClient({ address, userAgent }: Caller): ClientDevice {
  return {
    ...describeDevice(userAgent?.slice(0, MAX_USER_AGENT)),
    network: coarseNetwork(address),
  };
}

function describeDevice(userAgent: string | undefined): Omit<ClientDevice, 'network'> {
  if (!userAgent) return { device: null, deviceType: 'other' };
  const { browser, os, platform } = parse(userAgent);
  // What is no browser names itself first: `TandemApp/1.2 (iPhone; iOS 26)`.
  const isBrowser = userAgent.startsWith('Mozilla/');
  const [name] = NAME.exec((isBrowser ? browser.name : userAgent) ?? '') ?? [];
  const device = [name?.trim(), os.name].filter(Boolean).join(' on ').slice(0, MAX_DEVICE) || null;
  // Only browsers say `Mobile` on a phone with Android.
  const isApp = !isBrowser && os.name === 'Android' && !/tablet/i.test(userAgent);
  return { device, deviceType: isApp ? 'phone' : (TYPES[platform.type ?? ''] ?? 'other') };
}
