import { CODE_LENGTH } from '../../common/code';
import type { ProviderName } from '../../config/sms-env';
import { NumberRefusedError } from '../sms-provider';

/** For SDKs that take no abort signal: longer than any caller waits. */
export const SDK_TIMEOUT_MS = 10_000;

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

/** A refusal that is no error to the SDK. */
export class Refusal extends Error {
  constructor(
    readonly code: string | undefined,
    readonly status?: number,
  ) {
    super('The message was refused.');
  }
}

/**
 * Calls an SDK, which may not know the signal.
 *
 * @throws what the signal aborts with, a `NumberRefusedError`, or an error that says no more than the provider's code and the
 * HTTP status: those of SDKs echo numbers, and addresses with codes in them.
 */
export async function callProvider<T>(
  provider: ProviderName,
  signal: AbortSignal,
  call: () => Promise<T>,
  isAboutNumber: (error: SdkError) => boolean,
): Promise<T> {
  signal.throwIfAborted();
  try {
    return await unlessAborted(call(), signal);
  } catch (error) {
    signal.throwIfAborted();
    const reason = `${provider} did not take the message (${reasonOf(error as SdkError)})`;
    throw isAboutNumber(error as SdkError) ? new NumberRefusedError(reason) : new Error(reason);
  }
}

function unlessAborted<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void call.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function reasonOf(error: SdkError): string {
  const code = [error.code, error.cause?.code, error.name].map(String).find(isErrorCode);
  const status =
    error.status ?? error.statusCode ?? error.httpCode ?? error.$metadata?.httpStatusCode;
  const known = [code, Number.isInteger(status) && `HTTP ${status}`].filter(Boolean);
  return known.join(', ') || 'no reason given';
}

/** A word, or digits as of Twilio, but fewer than a login code or a number has. */
const ERROR_CODE = new RegExp(`^(?:\\d{1,${CODE_LENGTH - 1}}|[A-Za-z][A-Za-z_.-]{2,99})$`);
const NO_CODES = new Set(['undefined', 'null', 'Error']);

const isErrorCode = (text: string) => ERROR_CODE.test(text) && !NO_CODES.has(text);
