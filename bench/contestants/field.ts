import { betterAuth } from './better-auth';
import type { Contestant } from './contestant';
import { limit, tandem, tandemEs256 } from './tandem';
import { tutorial, tutorialKeyObject } from './tutorial';

/** All who can take part, in the order of the table. */
export const FIELD: Contestant[] = [
  tandem,
  tandemEs256,
  limit,
  tutorialKeyObject,
  tutorial,
  betterAuth,
];
