import { signal } from '@preact/signals';
import type { SessionStepDto } from '../../contract.ts';
import { ask } from '../../session/server.ts';
import type { SessionFilter } from './session-filter.ts';

type Conditions = Omit<SessionFilter, 'live'>;

/** How many were counted or ended so far. */
export const soFar = signal(0);

/** @returns how many sessions would end. It stops where `stop` says so. */
export function countSessions(conditions: Conditions, stop: AbortSignal): Promise<number> {
  return inSteps(stop, (after) => {
    const query = new URLSearchParams({ ...conditions, ...after });
    return ask<SessionStepDto>('GET', `/admin/sessions/count?${query}`);
  });
}

/** The same ends when it is given up: what has ended stays so, and whoever begins anew ends the rest. */
export function endSessions(
  conditions: Conditions,
  reason: string,
  stop: AbortSignal,
): Promise<number> {
  return inSteps(stop, (after) =>
    ask<SessionStepDto>('DELETE', '/admin/sessions', { ...conditions, ...after, reason }),
  );
}

async function inSteps(
  stop: AbortSignal,
  step: (after: { after?: string }) => Promise<SessionStepDto>,
): Promise<number> {
  soFar.value = 0;
  for (let after = {}; !stop.aborted;) {
    const { sessions, next } = await step(after);
    soFar.value += sessions;
    if (next === null) break;
    after = { after: next };
  }
  return soFar.value;
}
