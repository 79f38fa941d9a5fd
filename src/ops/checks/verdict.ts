import type { RemoteServer } from './remote-server';

export interface Verdict {
  readonly status: 'ok' | 'warning' | 'problem';
  readonly detail: string;
}

/** Undefined where there is nothing to check. What it throws counts as a problem. */
export type Check = (server: RemoteServer) => Promise<Verdict | undefined>;

export const ok = (detail: string): Verdict => ({ status: 'ok', detail });
export const warning = (detail: string): Verdict => ({ status: 'warning', detail });
export const problem = (detail: string): Verdict => ({ status: 'problem', detail });

/** A problem that lists what is wrong, when anything is. */
export function problemIfAny(
  subject: string,
  wrong: (string | false)[],
  otherwise: string,
): Verdict {
  const found = wrong.filter((text) => text !== false);
  return found.length > 0 ? problem(`${subject}: ${found.join(', ')}`) : ok(otherwise);
}
