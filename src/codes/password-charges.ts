import { networksOf } from '../common/networks';
import type { Charges } from './limiter.service';

/** What a stranger's password counts against whether it is right or not, by who sends it. */
export const checkCharges = (address: string) =>
  ({ 'password-checks-per-address': networksOf(address) }) satisfies Charges;

/** The same, for a wrong password. */
export const failureCharges = (address: string) =>
  ({ 'passwords-per-address': networksOf(address) }) satisfies Charges;

/** What a stranger's wrong password counts against at the account. */
export const accountCharges = (account: string) =>
  ({
    'passwords-per-username': account,
    'passwords-per-username-daily': account,
  }) satisfies Charges;

/** What a wrong password counts against on a device of the user, in place of all that strangers have. */
export const deviceCharges = (deviceId: string) =>
  ({ 'passwords-per-device': deviceId }) satisfies Charges;

/** What a right password counts against, whoever sends it. */
export const loginCharges = (account: string) =>
  ({ 'password-logins-per-user': account }) satisfies Charges;
