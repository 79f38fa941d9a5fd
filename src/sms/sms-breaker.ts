import CircuitBreaker from 'opossum';
import { NumberRefusedError, type SmsMessage, type SmsProvider } from './sms-provider';

/** Milliseconds over which failures are counted. */
const ROLLING_WINDOW = 60_000;
/** Milliseconds until a provider that failed gets its next message, as a trial. */
const RESET_TIMEOUT = 5000;

export type SmsBreaker = CircuitBreaker<
  [message: SmsMessage, milliseconds: number],
  string | undefined
>;

/** Spares a provider that failed more than half of a minute's messages, from three on. */
export function breakerFor(provider: SmsProvider): SmsBreaker {
  return new CircuitBreaker(
    (message: SmsMessage, milliseconds: number) =>
      provider.send(message, AbortSignal.timeout(Math.max(0, Math.ceil(milliseconds)))),
    {
      name: provider.name,
      timeout: false,
      rollingCountTimeout: ROLLING_WINDOW,
      volumeThreshold: 3,
      errorThresholdPercentage: 50,
      resetTimeout: RESET_TIMEOUT,
      // Callers choose the numbers: what is wrong with them must not cut others off.
      errorFilter: (error: unknown) => error instanceof NumberRefusedError,
    },
  );
}

/** Whether the provider was spared, and knows nothing of the message. */
export const isSpared = (error: unknown) => CircuitBreaker.isOurError(error as Error);

/** Whether a message that failed so may be on its way all the same. */
export function isTimeout(error: unknown): boolean {
  return (error as Error | undefined)?.name === 'TimeoutError';
}
