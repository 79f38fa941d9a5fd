import CircuitBreaker from 'opossum';
import { isOfOneMessage } from './send-failure';
import type { SmsMessage, SmsProvider } from './sms-provider';

/** The time over which failures are counted. */
const ROLLING_WINDOW_MS = 60_000;
/** How long the breaker stays open before one message is tried (half-open). */
const RESET_TIMEOUT_MS = 5000;

export type SmsBreaker = CircuitBreaker<
  [message: SmsMessage, milliseconds: number],
  string | undefined
>;

/** Opens when a provider fails more than half of a minute's messages, at least three. */
export function breakerFor(provider: SmsProvider): SmsBreaker {
  return new CircuitBreaker(
    (message: SmsMessage, milliseconds: number) =>
      provider.send(message, AbortSignal.timeout(Math.max(0, Math.ceil(milliseconds)))),
    {
      name: provider.name,
      timeout: false,
      rollingCountTimeout: ROLLING_WINDOW_MS,
      volumeThreshold: 3,
      errorThresholdPercentage: 50,
      resetTimeout: RESET_TIMEOUT_MS,
      // Or bad numbers would open it for everyone.
      errorFilter: isOfOneMessage,
    },
  );
}

/** Whether the provider was spared, and knows nothing of the message. */
export const isSpared = (error: unknown) => CircuitBreaker.isOurError(error as Error);

/** Whether a message that failed so may be on its way all the same. */
export function isTimeout(error: unknown): boolean {
  return (error as Error | undefined)?.name === 'TimeoutError';
}
