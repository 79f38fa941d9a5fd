import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import type { RefusalReason } from './refusal-reasons';

/** Every error that a caller can get: its status, and its message unless the case gives a better one. */
export const ERRORS = {
  VALIDATION_FAILED: [400, 'The request is malformed.'],
  NUMBER_UNREACHABLE: [400, 'This number cannot receive messages.'],
  COUNTRY_NOT_SERVED: [400, 'Numbers of this country are not served.'],
  INVALID_CODE: [400, 'Invalid code.'],
  INVALID_CREDENTIALS: [400, 'Invalid username or password.'],
  INVALID_CLIENT: [401, 'The service must authenticate.'],
  UNAUTHORIZED: [401, 'User must be authorized.'],
  REFRESH_TOKEN_NOT_ALLOWED: [403, 'Do not use refresh token.'],
  WRONG_REFRESH_TOKEN: [403, 'Wrong refresh token.'],
  USER_DISABLED: [403, 'Invalid user.'],
  LOGIN_REFUSED: [403, 'This login was refused.'],
  RECENT_LOGIN_REQUIRED: [403, 'Log in again to do this.'],
  RECENT_CODE_REQUIRED: [403, 'Prove a code in this session first.'],
  STEP_UP_REQUIRED: [403, 'Prove your code and your password in this session first.'],
  FORBIDDEN: [403, 'This is not for you.'],
  NOT_FOUND: [404, 'Not found.'],
  MOBILE_TAKEN: [409, 'This number belongs to another account.'],
  MOBILE_CHANGE_ACTIVE: [409, 'Another change of the number is not over yet.'],
  NUMBER_MOVED: [409, 'The account of this number has another number now.'],
  NUMBER_PERHAPS_REASSIGNED: [
    409,
    'The account of this number was last used long ago. Is it yours?',
  ],
  NUMBER_CLAIM_WAITS: [409, 'Its user may object for a week. Then prove the number again.'],
  NUMBER_CLAIM_REFUSED: [403, 'The number alone does not open this account. Ask for support.'],
  USERNAME_TAKEN: [409, 'This username is taken.'],
  LAST_ADMIN: [409, 'There must be another active admin first.'],
  PAYLOAD_TOO_LARGE: [413, 'The body is too large.'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported media type.'],
  CAPTCHA_REQUIRED: [428, 'Solve the captcha and try again.'],
  TOO_MANY_REQUESTS: [429, 'Too many requests.'],
  REQUEST_REFUSED: [400, 'The request cannot be served.'],
  INTERNAL: [500, 'Internal server error.'],
  UNAVAILABLE: [503, 'Service temporarily unavailable.'],
  SMS_BUDGET_SPENT: [503, 'No more codes can be sent now.'],
  SMS_PAUSED: [503, 'Codes for numbers like this one are paused.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof ERRORS;

/**
 * What a limit counts, as callers are told. No finer: what is counted for fresh numbers only must not show by its name
 * that a number is one.
 */
export const LIMIT_KINDS = [
  'number',
  'address',
  'network',
  'country',
  'total',
  'username',
  'account',
  'captcha',
] as const;

export type LimitKind = (typeof LIMIT_KINDS)[number];

/** The `WWW-Authenticate` of a 401 (RFC 6750, RFC 7617). */
export function challengeOf(code?: ErrorCode): string {
  return code === 'INVALID_CLIENT' ? 'Basic realm="tandem"' : 'Bearer';
}

interface ApiExceptionOptions {
  message?: string | string[];
  /** Overrides the table, for statuses that share one code. */
  status?: number;
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number;
  /** Which limit: with it the body holds both. */
  limit?: LimitKind;
  /** More of the body, by its fields. */
  details?: object;
  /** Never in an answer. */
  reason?: RefusalReason;
  cause?: unknown;
}

/** Of a 429: what there were too many of, and when to try again. */
export function tooMany(limit: LimitKind, subject: string, seconds: number): ApiExceptionOptions {
  const message = `Too many ${subject}. Try again in ${seconds} s.`;
  return { message, limit, retryAfter: seconds };
}

/** An error of the HTTP contract, in Nest's own shape with its native `errorCode`. */
export class ApiException extends HttpException {
  declare readonly errorCode: ErrorCode;
  readonly retryAfter?: number;
  readonly limit?: LimitKind;
  readonly details?: object;
  readonly reason?: RefusalReason;

  constructor(errorCode: ErrorCode, options: ApiExceptionOptions = {}) {
    const [defaultStatus, defaultMessage] = ERRORS[errorCode];
    const status = options.status ?? defaultStatus;
    const message = options.message ?? defaultMessage;
    super(
      HttpException.createBody(message, STATUS_CODES[status] ?? 'Error', status, errorCode),
      status,
      {
        cause: options.cause,
        errorCode,
      },
    );
    this.retryAfter = options.retryAfter;
    this.limit = options.limit;
    this.details = options.details;
    this.reason = options.reason;
  }

  /** The body of the answer to the request that the log knows by `requestId`. */
  bodyFor(requestId: string): object {
    const { limit, retryAfter, details } = this;
    const wait = limit && { limit, retry_after: retryAfter };
    return { ...(this.getResponse() as object), ...wait, ...details, request_id: requestId };
  }
}
