import { signal } from '@preact/signals';
import { type MeDto, TandemError } from '@tandem/client';
import { asError } from './failure.ts';
import { endActivity, isIdle, noteActivity } from './idle.ts';
import { isOperator } from './roles.ts';
import { send, tandem } from './server.ts';

/** `unproved`: a code or a password is missing. `refused`: nobody whom the console is for. */
export type Gate = 'starting' | 'anonymous' | 'unproved' | 'refused' | 'failed' | 'locked' | 'open';

export const gate = signal<Gate>('starting');
export const me = signal<MeDto | null>(null);
export const failure = signal<TandemError | null>(null);

/** Finds out who is here, and what is missing. */
export async function enter(): Promise<void> {
  try {
    gate.value = await look();
  } catch (error) {
    failure.value = asError(error);
    gate.value = 'failed';
  }
}

async function look(): Promise<Gate> {
  await tandem.ready;
  const { status } = await tandem.resume();
  if (status === 'anonymous' || status === 'ended') return 'anonymous';
  try {
    me.value = await send<MeDto>('GET', '/users/me');
    if (!isOperator(me.value.roles)) return 'refused';
    await send('GET', '/admin/sms/pauses');
    return isIdle() ? 'locked' : 'open';
  } catch (error) {
    const known = GATES[asError(error).errorCode];
    if (known) return known;
    throw error;
  }
}

const GATES: Partial<Record<TandemError['errorCode'], Gate>> = {
  UNAUTHORIZED: 'anonymous',
  WRONG_REFRESH_TOKEN: 'anonymous',
  USER_DISABLED: 'refused',
  FORBIDDEN: 'refused',
  STEP_UP_REQUIRED: 'unproved',
};

/** What is missing was proved. */
export async function proved(): Promise<void> {
  noteActivity();
  await enter();
}

/** Whoever comes next finds nothing. */
export function lock(): void {
  if (gate.value !== 'open') return;
  if (!isIdle()) endActivity();
  gate.value = 'locked';
}

export async function leave(): Promise<void> {
  await tandem.logOut();
  me.value = null;
  gate.value = 'anonymous';
}

/** What a call failed with; the console closes where that tells of the session. */
export function noted(cause: unknown): TandemError {
  const error = asError(cause);
  const known = GATES[error.errorCode];
  if (known === 'anonymous' || error.errorCode === 'USER_DISABLED') gate.value = known!;
  return error;
}
