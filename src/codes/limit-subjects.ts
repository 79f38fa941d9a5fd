import type { E164 } from '../common/phone-number';
import { type Charges, chargesOf } from './charges';
import { type Limited, SCOPES } from './limited';
import { type LimitName, scopeOf } from './limits';

/** Who is counted, as far as a stranger to the case can know: the rest shows in what they send. */
export interface CountedNumber {
  readonly mobile: E164;
  /** Of the user that has the number. */
  readonly userId?: string;
  readonly deviceIds: readonly string[];
  /** From where its codes were asked for, and the request for the newest of them. */
  readonly networks?: readonly string[];
  readonly requestId?: string;
}

/** All that somebody falls under. */
export interface LimitSubject {
  readonly charges: readonly Charges[];
  /** Whether others are counted in a bucket as well. */
  isShared(bucket: string): boolean;
}

/** What counts for a number, whoever asks for its codes and presents them, but not what counts for their addresses. */
export function subjectOfNumber(counted: CountedNumber): LimitSubject {
  const { mobile, userId: account, deviceIds, networks, requestId: request } = counted;
  const [ask, guess, logIn] = [
    { does: 'ask', mobile, networks },
    { does: 'guess', mobile, networks },
    { does: 'log in', account },
  ] as const;
  const onDevices = deviceIds.flatMap((device) => [
    { ...ask, device, audience: 'device' as const },
    { ...guess, device },
    { ...logIn, device },
  ]);
  const asStranger = [{ ...ask, isHunted: true }, guess, logIn];
  const asOwner = [
    { ...ask, audience: 'home' as const },
    { ...guess, request },
    { ...guess, isInHand: true },
  ];
  const crowd = new Set<unknown>([SCOPES.prefix(ask), SCOPES.country(ask), SCOPES.all(ask)]);
  return {
    charges: distinct([...asStranger, ...asOwner, ...onDevices], (name) => !isOfAddress(name)),
    isShared: (bucket) => crowd.has(bucket),
  };
}

/** @param networks of the address, the narrowest first. */
export function subjectOfAddress(networks: readonly string[]): LimitSubject {
  const requests = (['ask', 'guess', 'log in'] as const).map((does) => ({
    does,
    networks,
    isCrowded: true,
  }));
  return { charges: distinct(requests, isOfAddress), isShared: (bucket) => bucket !== networks[0] };
}

/** Once each. */
function distinct(requests: readonly Limited[], isMeant: (name: LimitName) => boolean): Charges[] {
  const charges = new Map<string, Charges>();
  for (const request of requests) {
    for (const [name, bucket] of Object.entries(chargesOf(request)) as [LimitName, string][]) {
      if (isMeant(name)) charges.set([name, bucket].join(' '), { [name]: bucket });
    }
  }
  return [...charges.values()];
}

const isOfAddress = (name: LimitName) => ['address', 'networks', 'reach'].includes(scopeOf(name));
