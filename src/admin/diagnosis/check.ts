import type { SupportCase } from './support-case';
import type { Verdict } from './verdict';

/** Looks at one thing, by what decides it. Changes nothing. */
export interface Check {
  look(about: SupportCase): Verdict | Promise<Verdict>;
}
