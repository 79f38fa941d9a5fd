import { createHmac } from 'node:crypto';
import type { E164 } from '../../common/phone-number';
import type { KeyRing } from '../../config/key-ring';

/** What a block on record has in the place of a number whose user was erased, by the secret of now and the one before. */
export type SealsOf = (mobile: E164) => [now: string, ...before: string[]];

/** No other target begins so. */
const MARK = '#';

/** By a key of their own: whoever has the table cannot try out numbers, and nothing else leads to them. */
export function sealsBy(ring: KeyRing): SealsOf {
  const keys = ring.generations.map((generation) => generation.derive('blocked number'));
  return (mobile) =>
    keys.map(
      (key) => MARK + createHmac('sha256', key).update(mobile).digest('base64url'),
    ) as ReturnType<SealsOf>;
}

export const isSeal = (target: string) => target.startsWith(MARK);
