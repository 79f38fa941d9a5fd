import { networksOf } from '../common/networks';
import { countryOf, type E164, prefixOf } from '../common/phone-number';
import type { Charges } from './limiter.service';

/** What the message to a fresh number counts against beside the number itself, until its code is used. */
export const freshCharges = (mobile: E164) =>
  ({
    'fresh-codes-per-prefix': prefixOf(mobile),
    'fresh-codes-per-country': countryOf(mobile),
    'fresh-codes': 'all',
    'easy-codes-per-prefix': prefixOf(mobile),
  }) satisfies Charges;

/** What a message counts against in the networks of who asked for it, until its code is used. */
export const networkCharges = (address: string) =>
  ({
    'codes-per-address': networksOf(address),
    'easy-codes-per-address': networksOf(address),
  }) satisfies Charges;
