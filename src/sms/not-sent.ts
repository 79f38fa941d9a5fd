import { ApiException, type ErrorCode, tooMany } from '../common/errors';
import { type Failure, type FailureKind, isTimeout, SendFailedError } from './send-failure';
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

/** Why no provider took a message. */
type Reason =
  /** Because of the number. */
  | 'refused'
  /** Each takes no more for the number now. */
  | 'throttled'
  /** One may have after all. */
  | 'unknown'
  /** None can, and one because of this message. */
  | 'rejected'
  /** None can. */
  | 'failed'
  /** None was asked. */
  | 'spared';

const CODES: Record<Reason, ErrorCode> = {
  refused: 'NUMBER_UNREACHABLE',
  throttled: 'TOO_MANY_REQUESTS',
  unknown: 'UNAVAILABLE',
  rejected: 'UNAVAILABLE',
  failed: 'UNAVAILABLE',
  spared: 'UNAVAILABLE',
};

export class NotSentException extends ApiException {
  /** @param waitSeconds where a number or an account is throttled. */
  constructor(
    override readonly reason: Reason,
    readonly waitSeconds?: number,
  ) {
    super(CODES[reason], optionsOf(reason, waitSeconds));
  }
}

function optionsOf(reason: Reason, waitSeconds?: number) {
  if (reason !== 'throttled') return { retryAfter: waitSeconds };
  return tooMany('number', 'codes for this number', waitSeconds ?? DEFAULT_WAIT_SECONDS);
}

export function resultOf(error: unknown): Result & { outcome: DeliveryOutcome } {
  if (isTimeout(error)) return { outcome: 'unknown' };
  const failure = error instanceof SendFailedError ? error.failure : undefined;
  return { outcome: failure && isOfNumber(failure) ? 'refused' : 'failed', failure };
}

/** What the caller is told when no provider has taken a message. */
export function notSent(results: Result[]): NotSentException {
  const reason = reasonOf(results);
  if (reason === 'throttled') {
    return new NotSentException(
      reason,
      leastWait(results, 'number-throttled', DEFAULT_WAIT_SECONDS),
    );
  }
  return new NotSentException(reason, leastWait(results, 'account-throttled'));
}

/** One of the providers is enough. */
function leastWait(results: Result[], kind: FailureKind, otherwise?: number): number | undefined {
  const throttled = results.filter(({ failure }) => failure?.kind === kind);
  const waits = throttled.flatMap(({ failure }) => failure?.waitSeconds ?? otherwise ?? []);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

function reasonOf(results: Result[]): Reason {
  const outcomes = results.map(({ outcome }) => outcome);
  const failures = results.flatMap(({ failure }) => failure ?? []);
  if (outcomes.includes('unknown')) return 'unknown';
  if (outcomes.every((outcome) => outcome === 'refused')) {
    return failures.some(({ kind }) => kind === 'number-throttled') ? 'throttled' : 'refused';
  }
  if (failures.some(isOfMessage)) return 'rejected';
  return outcomes.every((outcome) => outcome === 'spared') ? 'spared' : 'failed';
}

const OF_NUMBER: ReadonlySet<FailureKind> = new Set(['recipient', 'number-throttled']);
const OF_MESSAGE: ReadonlySet<FailureKind> = new Set([...OF_NUMBER, 'content', 'unknown']);

const isOfNumber = ({ kind }: Failure) => OF_NUMBER.has(kind);

/** Callers may bring it about by their choice of a number. */
const isOfMessage = ({ kind }: Failure) => OF_MESSAGE.has(kind);
