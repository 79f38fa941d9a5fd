import { addressBucket, networksOf } from '../common/networks';
import type { E164 } from '../common/phone-number';
import { askerOf, freshCharges, networkCharges } from './crowd-charges';
import type { Charges } from './limiter.service';
import {
  accountCharges,
  checkCharges,
  deviceCharges,
  failureCharges,
  loginCharges,
} from './password-charges';

/** Who is counted, as far as a stranger to the case can know: the rest shows in what they send. */
export interface CountedNumber {
  readonly mobile: E164;
  /** Of the user that has the number. */
  readonly userId?: string;
  readonly deviceIds: readonly string[];
  /** From where its codes were asked for, and the request for the newest of them. */
  readonly address?: string;
  readonly requestId?: string;
}

/** All that somebody falls under. */
export interface LimitSubject {
  readonly charges: readonly Charges[];
  /** Whether others are counted in a bucket as well. */
  isShared(bucket: string): boolean;
}

export function subjectOfNumber(counted: CountedNumber): LimitSubject {
  const { mobile, userId, deviceIds, requestId } = counted;
  const crowd = freshCharges(mobile);
  const charges: Charges[] = [
    { 'codes-per-number': mobile, 'codes-to-owner': mobile, 'guesses-per-number': mobile },
    ...deviceIds.map((id) => ({
      'code-cooldown': id,
      'guesses-per-device': id,
      ...deviceCharges(id),
    })),
    ...(counted.address ? [chargesOfAsker(mobile, counted.address)] : []),
    ...(requestId ? [{ 'guesses-per-request': requestId }] : []),
    ...(userId ? [chargesOfUser(userId)] : []),
    crowd,
  ];
  return { charges, isShared: (bucket) => Object.values(crowd).includes(bucket) };
}

export function subjectOfAddress(address: string): LimitSubject {
  const charges: Charges = {
    ...networkCharges(address),
    'guesses-per-address': networksOf(address),
    ...checkCharges(address),
    ...failureCharges(address),
  };
  return { charges: [charges], isShared: (bucket) => bucket !== addressBucket(address) };
}

function chargesOfAsker(mobile: E164, address: string): Charges {
  const asker = askerOf(mobile, address);
  return {
    'code-cooldown': asker,
    'codes-per-number-and-network': asker,
    'guesses-per-number-and-network': asker,
  };
}

const chargesOfUser = (id: string): Charges => ({
  'password-changes-per-user': id,
  ...accountCharges(id),
  ...loginCharges(id),
});
