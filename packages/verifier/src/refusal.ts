import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';

const REFUSALS = {
  UNAUTHORIZED: [401, 'User must be authorized.', { 'WWW-Authenticate': 'Bearer' }],
  REFRESH_TOKEN_NOT_ALLOWED: [403, 'Do not use refresh token.', {}],
  UNAVAILABLE: [503, 'Service temporarily unavailable.', { 'Retry-After': '1' }],
} as const;

/** An answer as Tandem itself gives it, so that clients meet one contract at every service. */
export class Refusal extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  constructor(errorCode: keyof typeof REFUSALS, cause?: unknown) {
    const [statusCode, message, headers] = REFUSALS[errorCode];
    super({ statusCode, message, error: STATUS_CODES[statusCode], errorCode }, statusCode, {
      cause,
    });
    this.headers = headers;
  }
}
