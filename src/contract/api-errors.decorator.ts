import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse } from './docs';
import { ERROR_SCHEMA, ErrorDto } from './error.dto';
import {
  ApiException,
  challengeOf,
  type ErrorCode,
  ERRORS,
  type LimitKind,
  tooMany,
} from '../common/errors';

/** An error, and where its message depends on the route, one as the route throws it. */
type Documented = ErrorCode | ApiException;

/** Documents what is wrong with a request, for example. */
export function malformed(problem: string): ApiException {
  return new ApiException('VALIDATION_FAILED', { message: [problem] });
}

/** Documents that there were too many of something. */
export function limited(limit: LimitKind, subject: string): ApiException {
  return new ApiException('TOO_MANY_REQUESTS', tooMany(limit, subject, EXAMPLE_WAIT_SECONDS));
}

const EXAMPLE_WAIT_SECONDS = 42;

/** What every route with a body can answer. */
export const BODY_ERRORS = [
  malformed('the body must be a JSON object'),
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
] as const satisfies Documented[];

/** Documents which errors a route answers with, one OpenAPI response a status. */
export function ApiErrors(...documented: Documented[]) {
  const errors = documented.map((one) => (typeof one === 'string' ? new ApiException(one) : one));
  const statuses = new Set(errors.map((error) => error.getStatus()));
  const responses = [...statuses].map((status) =>
    ApiResponse({
      status,
      ...describeErrors(errors.filter((error) => error.getStatus() === status)),
    }),
  );
  return applyDecorators(ApiExtraModels(ErrorDto), ...responses);
}

/** The OpenAPI response that answers with one of these, which share a status. */
export function describeErrors(errors: ApiException[]) {
  const codes = errors.map(({ errorCode }) => errorCode);
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code][1]}`).join('\n\n'),
    headers: headersOf(errors[0]!.getStatus(), codes),
    examples: Object.fromEntries(errors.map(exampleOf)),
    schema: {
      allOf: [
        ERROR_SCHEMA,
        { type: 'object', properties: { errorCode: { type: 'string', enum: codes } } },
      ],
    },
  };
}

const EXAMPLE_REQUEST = '0192f0c5-7c1e-4b6a-9d43-5f2c8e1a7b90';

const exampleOf = (error: ApiException) => [
  error.errorCode,
  { value: error.bodyFor(EXAMPLE_REQUEST) },
];

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' as const } },
};

const EASY_AGAIN = {
  'Retry-After': {
    description: 'Seconds until it is not asked for any more, where that is known.',
    schema: { type: 'integer' as const },
  },
};

function headersOf(status: number, codes: ErrorCode[]) {
  if (status === 428) return EASY_AGAIN;
  if (status === 429 || status === 503) return RETRY_AFTER;
  if (status !== 401) return undefined;
  return {
    'WWW-Authenticate': { schema: { type: 'string' as const, enum: codes.map(challengeOf) } },
  };
}
