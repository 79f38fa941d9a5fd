import { STATUS_CODES } from 'node:http';
import { type ErrorCode, ERRORS, LIMIT_KINDS } from '../../src/common/errors';
import type { Answer } from './client';

const LIMIT = new RegExp(`^(?:${LIMIT_KINDS.join('|')})$`);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Asserts an error answer: its status, and its body with nothing missing and nothing more. */
export function expectRefusal(
  answer: Pick<Answer, 'status' | 'body'>,
  errorCode: ErrorCode,
  status: number = ERRORS[errorCode][0],
): void {
  const isList = errorCode === 'VALIDATION_FAILED';
  const wait = errorCode === 'TOO_MANY_REQUESTS' && {
    limit: expect.stringMatching(LIMIT),
    retry_after: expect.any(Number),
  };
  expect(answer.body).toEqual({
    statusCode: status,
    message: isList ? expect.arrayContaining([expect.any(String)]) : expect.any(String),
    error: STATUS_CODES[status],
    errorCode,
    ...wait,
    request_id: expect.stringMatching(UUID),
  });
  expect(answer.status).toBe(status);
}
