/** Why a call was not made, or not answered well. A closed set: it labels metrics, and tells nothing of what was answered. */
export const CALL_FAILURES = [
  /** The name has no address. */
  'dns',
  /** An address that is not public. */
  'address',
  /** Not by https in production. */
  'plain_http',
  'connection',
  'tls',
  'timeout',
  'redirect',
  /** 410: it wants no more. */
  'gone',
  /** Any other that is not 2xx. */
  'status',
  /** The event is not kept any more. */
  'expired',
] as const;
export type CallFailure = (typeof CALL_FAILURES)[number];

export class CallError extends Error {
  constructor(readonly failure: CallFailure) {
    super(failure);
  }
}

const TLS_CODE = /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/;

/** What a thrown error of a connection means. */
export function failureOf(error: unknown): CallFailure {
  if (error instanceof CallError) return error.failure;
  const { name, code = '' } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'ABORT_ERR') return 'timeout';
  return TLS_CODE.test(code) ? 'tls' : 'connection';
}
