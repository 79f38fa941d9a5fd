/** Why a provider did not take a message. */
export type FailureKind =
  /** The number: not a mobile one, not in service, on a list, or of a country that the provider does not reach. */
  | 'recipient'
  /** The text, the template, the signature, or a sender that may not write to this number. */
  | 'content'
  /** Too many messages to this number. */
  | 'number-throttled'
  /** Too many messages of this account. */
  | 'account-throttled'
  /** Credentials, permissions, balance, or the sender that is configured, by a code that the provider documents. */
  | 'account'
  /** HTTP 401, 402 or 403 without such a code: perhaps the account, perhaps the number. */
  | 'access'
  | 'outage'
  /** An answer that the table of the provider does not know, and that is about this one message. */
  | 'unknown';

export interface Failure {
  readonly kind: FailureKind;
  /** Seconds, where a number or the account is throttled and the provider says for how long. */
  readonly waitSeconds?: number;
  /** The provider's own word for it, or the HTTP status. */
  readonly code?: string;
}

/** A provider did not take a message. */
export class SendFailedError extends Error {
  constructor(
    message: string,
    readonly failure: Failure,
  ) {
    super(message);
  }
}

/**
 * What an attempt tells of the provider. Callers choose the numbers, and so what they get: a failure of one message tells
 * nothing, and neither does that of too many.
 */
export type Sign = 'works' | 'fails' | 'refuses us' | 'nothing';

const SIGNS: Record<FailureKind, Sign> = {
  recipient: 'nothing',
  content: 'nothing',
  'number-throttled': 'nothing',
  'account-throttled': 'nothing',
  unknown: 'nothing',
  access: 'fails',
  outage: 'fails',
  account: 'refuses us',
};

/** @param error of the provider; none for a message that it took. */
export function signOf(error: unknown): Sign {
  if (error === undefined) return 'works';
  return error instanceof SendFailedError ? SIGNS[error.failure.kind] : 'fails';
}

/** Whether a message that failed so may be on its way all the same. */
export function isTimeout(error: unknown): boolean {
  return (error as Error | undefined)?.name === 'TimeoutError';
}
