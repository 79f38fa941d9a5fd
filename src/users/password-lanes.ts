import type { Lane } from '../common/fair-queue';
import { networksOf } from '../common/networks';

/**
 * Of one user at an address, by network from broad to narrow. Those who show a session, or a device token that we issued,
 * take turns with all strangers together: nobody gets one without a code.
 */
export const laneOf = (standing: 'known' | 'stranger', address: string, user: string): Lane => [
  standing,
  ...networksOf(address).toReversed(),
  user,
];
