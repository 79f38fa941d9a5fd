/** What SDKs throw, each with some of these. */
export interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string | number;
  readonly cause?: { readonly code?: string };
  readonly status?: number;
  readonly statusCode?: number;
  readonly httpCode?: number;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The HTTP status of the answer, if there was one. */
export function statusOf(error: SdkError): number | undefined {
  const { status, statusCode, httpCode, $metadata } = error;
  const known = status ?? statusCode ?? httpCode ?? $metadata?.httpStatusCode;
  return Number.isInteger(known) ? known : undefined;
}

/** A refusal that is no error to the SDK. */
export class Refusal extends Error {
  /** @param message as the provider wrote it: for reading, never for a log. */
  constructor(
    readonly code: string | undefined,
    readonly status?: number,
    message = 'The message was refused.',
  ) {
    super(message);
  }
}
