import { addressBucket, networksOf } from '../common/networks';
import { countryOf, type E164, prefixOf } from '../common/phone-number';
import type { Charges } from './limiter.service';

/** The bucket of a number and the address that asks for its codes, or presents them. */
export const askerOf = (mobile: E164, address: string) => `${mobile} ${addressBucket(address)}`;

/** What every message that a stranger asks for counts against beside the number itself. */
export const crowdCharges = (mobile: E164) =>
  ({
    'fresh-codes-per-prefix': prefixOf(mobile),
    'fresh-codes-per-country': countryOf(mobile),
    'fresh-codes': 'all',
  }) satisfies Charges;

/** {@link crowdCharges}, and what it counts against without a captcha, until its code is used. */
export const freshCharges = (mobile: E164) =>
  ({ ...crowdCharges(mobile), 'easy-codes-per-prefix': prefixOf(mobile) }) satisfies Charges;

/** What a message counts against in the networks of who asked for it, until its code is used. */
export const networkCharges = (address: string) =>
  ({
    'codes-per-address': networksOf(address),
    'easy-codes-per-address': networksOf(address),
  }) satisfies Charges;
