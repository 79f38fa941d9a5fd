/** What SDKs throw, each with some of these. */
export interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string | number;
  readonly cause?: { readonly code?: string };
  readonly status?: number;
  readonly statusCode?: number;
  readonly httpCode?: number;
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The HTTP status of the answer, if there was one. */
export function statusOf(error: SdkError): number | undefined {
  const { status, statusCode, httpCode, $metadata } = error;
  const known = status ?? statusCode ?? httpCode ?? $metadata?.httpStatusCode;
  return Number.isInteger(known) ? known : undefined;
}

/** Seconds, by the `Retry-After` of the answer (RFC 9110, section 10.2.3). */
export function retryAfterOf({ $response }: SdkError): number | undefined {
  const value = $response?.headers?.['retry-after'];
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return seconds >= 0 ? Math.ceil(seconds) : undefined;
}

/** A refusal that is no error to the SDK. */
export class Refusal extends Error {
  /** @param message as the provider wrote it: for reading, never for a log. */
  constructor(
    readonly code: string | undefined,
    readonly status?: number,
    message = 'The message was refused.',
    readonly $response?: SdkError['$response'],
  ) {
    super(message);
  }
}
