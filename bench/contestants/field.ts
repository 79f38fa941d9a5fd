import { betterAuth } from './better-auth';
import type { Contestant } from './contestant';
import { limit, tandem, tandemEs256 } from './tandem';
import { tutorial, tutorialKeyObject } from './tutorial';

/** All who can take part, in the order of the table. Each is compared with the first. */
export const FIELD: Contestant[] = [
  tandem,
  limit,
  tandemEs256,
  tutorialKeyObject,
  tutorial,
  betterAuth,
];

/** Those of which an idea of the difference is enough. */
export const isPeer = (name: string) => ![tandem.name, limit.name].includes(name);
