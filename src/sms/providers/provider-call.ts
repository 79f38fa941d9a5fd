import { CODE_LENGTH } from '../../common/code';
import type { ProviderName } from '../../config/sms-env';
import { SendFailedError } from '../send-failure';
import type { Failures } from './failure-table';
import { type SdkError, statusOf } from './sdk-error';

/** For SDKs that take no abort signal: longer than any caller waits. */
export const SDK_TIMEOUT_MS = 10_000;

/**
 * Calls an SDK, which may not know the signal.
 *
 * @throws what the signal aborts with, or a {@link SendFailedError} that says no more than the provider's code and the
 * HTTP status: the errors of SDKs echo numbers, and addresses with codes in them.
 */
export async function callProvider<T>(
  provider: ProviderName,
  signal: AbortSignal,
  call: () => Promise<T>,
  failures: Failures,
): Promise<T> {
  signal.throwIfAborted();
  try {
    return await unlessAborted(call(), signal);
  } catch (error) {
    signal.throwIfAborted();
    const [code, ...others] = reasonsOf(error as SdkError);
    const reason = [code ?? 'no reason given', ...others].join(', ');
    const failure = { ...failures.of(error as SdkError), code };
    throw new SendFailedError(`${provider} did not take the message (${reason})`, failure);
  }
}

function unlessAborted<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void call.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The most telling first. */
function reasonsOf(error: SdkError): string[] {
  const code = [error.code, error.cause?.code, error.name].map(String).find(isErrorCode);
  const status = statusOf(error);
  return [...(code ? [code] : []), ...(status === undefined ? [] : [`HTTP ${status}`])];
}

/** A word, or digits as of Twilio, but fewer than a login code or a number has. */
const ERROR_CODE = new RegExp(`^(?:\\d{1,${CODE_LENGTH - 1}}|[A-Za-z][A-Za-z_.-]{2,99})$`);
const NO_CODES = new Set(['undefined', 'null', 'Error']);

const isErrorCode = (text: string) => ERROR_CODE.test(text) && !NO_CODES.has(text);
