import { ApiException, type ErrorCode, tooMany } from '../common/errors';
import { type Failure, SendFailedError } from './send-failure';
import { isSpared, isTimeout } from './sms-breaker';
import type { DeliveryOutcome } from './sms-delivery.entity';

/** Where a provider does not say how long it takes no messages for a number: their shortest limits are about a minute. */
const DEFAULT_WAIT_SECONDS = 60;

/** `spared`: the provider was not asked. */
type Outcome = DeliveryOutcome | 'spared';

/** What became of a message at one provider. */
export interface Result {
  readonly outcome: Outcome;
  readonly providerMessageId?: string;
  readonly failure?: Failure;
}

/**
 * Why no provider took a message: because of the number, because each takes no more for it now, or none of them can, or
 * one may have after all.
 */
type Reason = 'refused' | 'throttled' | 'unknown' | 'failed';

const CODES: Record<Reason, ErrorCode> = {
  refused: 'NUMBER_UNREACHABLE',
  throttled: 'TOO_MANY_REQUESTS',
  unknown: 'UNAVAILABLE',
  failed: 'UNAVAILABLE',
};

export class NotSentException extends ApiException {
  /** @param waitSeconds for a number that is throttled. */
  constructor(
    readonly reason: Reason,
    readonly waitSeconds = DEFAULT_WAIT_SECONDS,
  ) {
    const isThrottled = reason === 'throttled';
    super(
      CODES[reason],
      isThrottled ? tooMany('number', 'codes for this number', waitSeconds) : {},
    );
  }
}

export function resultOf(error: unknown): Result {
  if (isSpared(error)) return { outcome: 'spared' };
  if (isTimeout(error)) return { outcome: 'unknown' };
  const failure = error instanceof SendFailedError ? error.failure : undefined;
  const isOfNumber = failure?.kind === 'recipient' || failure?.kind === 'number-throttled';
  return { outcome: isOfNumber ? 'refused' : 'failed', failure };
}

/** What the caller is told when no provider has taken a message. */
export function notSent(results: Result[]): NotSentException {
  const outcomes = results.map(({ outcome }) => outcome);
  if (outcomes.includes('unknown')) return new NotSentException('unknown');
  if (outcomes.some((outcome) => outcome !== 'refused')) return new NotSentException('failed');
  const throttled = results.filter(({ failure }) => failure?.kind === 'number-throttled');
  if (throttled.length === 0) return new NotSentException('refused');
  // One of them is enough.
  const waits = throttled.map(({ failure }) => failure?.waitSeconds ?? DEFAULT_WAIT_SECONDS);
  return new NotSentException('throttled', Math.min(...waits));
}
