/** Why a provider did not take a message. */
export type FailureKind =
  /** The number: not a mobile one, not in service, on a list, or of a country that the provider does not reach. */
  | 'recipient'
  /** The text, the template or the signature. */
  | 'content'
  /** Too many messages to this number. */
  | 'number-throttled'
  /** Too many messages of this account. */
  | 'account-throttled'
  /** Credentials, permissions, balance, or the sender that is configured. */
  | 'account'
  | 'outage'
  /** An answer that the table of the provider does not know, and that is about this one message. */
  | 'unknown';

export interface Failure {
  readonly kind: FailureKind;
  /** Seconds, where a number is throttled and the provider says for how long. */
  readonly waitSeconds?: number;
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

/** Callers choose the numbers, and so what they get: no such failure tells how the provider is. */
const OF_ONE_MESSAGE: ReadonlySet<FailureKind> = new Set([
  'recipient',
  'content',
  'number-throttled',
  'unknown',
]);

export function isOfOneMessage(error: unknown): boolean {
  return error instanceof SendFailedError && OF_ONE_MESSAGE.has(error.failure.kind);
}
