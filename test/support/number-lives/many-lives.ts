import type { Action } from '../../../src/audit/actions';
import { AuditEvent } from '../../../src/audit/audit-event.entity';
import type { TestApp } from '../test-app';
import { HOLDERS, type Life } from './deeds';
import { World } from './world';

/** How many lives go on at the same time, each with numbers of its own. */
const AT_ONCE = 8;
const NUMBERS = 100_000_000;
/** Has no factor in common with it: numbers come back after all of them, and neighbours are far apart. */
const STRIDE = 61_803_399;

/** So that nothing is refused but for what it is. */
const LIMITS = [
  'code-cooldown',
  'codes-per-number',
  'codes-per-number-and-network',
  'codes-per-address',
  'easy-codes-per-address',
  'easy-codes-per-prefix',
  'fresh-codes',
  'fresh-codes-per-country',
  'fresh-codes-per-prefix',
  'known-codes-per-country',
  'known-codes-per-prefix',
  'guesses-per-address',
  'guesses-per-request',
  'guesses-per-number-and-network',
  'guesses-per-number',
  'mobile-changes-per-user',
  'undos-per-number',
  'password-changes-per-user',
  'password-checks-per-address',
  'password-logins-per-user',
  'passwords-per-address',
  'reassignments-per-number',
];

export const LIVELY = {
  LIMITS: LIMITS.map((name) => `${name}=9999999/1h`).join(),
  DELETION_GRACE: '0s',
  SMS_BUDGET_DAILY: '1000000',
};

export interface Outcome {
  /** Of the first lives in which something happened that should not. */
  readonly problems: string[];
  /** In how many lives something is on record. */
  readonly livesWith: (action: Action) => number;
}

/** Lets many groups of two users and a thief live against one application. */
export async function liveAll(app: TestApp, lives: readonly Life[]): Promise<Outcome> {
  const problems: string[] = [];
  const worldOf = new Map<string, number>();
  const rest = lives.entries();
  const liveOn = async () => {
    for (const [index, life] of rest) {
      const world = new World(app, numbersOf(index));
      const found = await world.run(life);
      for (const account of world.accounts) worldOf.set(account, index);
      if (found.length > 0) problems.push(`${found.join('; ')} in ${JSON.stringify(life)}`);
      if (problems.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, liveOn));
  const told = await app.sql
    .getRepository(AuditEvent)
    .createQueryBuilder('e')
    .select(['e.action AS action', 'e.user_id AS account'])
    .distinct()
    .getRawMany<{ action: Action; account: unknown }>();
  return {
    problems,
    livesWith: (action) => {
      const those = told.filter((one) => one.action === action);
      return new Set(those.map(({ account }) => worldOf.get(String(account)))).size;
    },
  };
}

const numbersOf = (world: number) =>
  HOLDERS.map((_, place) => {
    const number = ((world * HOLDERS.length + place) * STRIDE) % NUMBERS;
    return `+86138${String(number).padStart(8, '0')}`;
  });
