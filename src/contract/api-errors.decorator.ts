import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse } from './docs';
import { ERROR_SCHEMA, ErrorDto } from './error.dto';
import { challengeOf, type ErrorCode, ERRORS } from '../common/errors';

/** What every route with a body can answer. */
export const BODY_ERRORS = [
  'VALIDATION_FAILED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
] as const satisfies ErrorCode[];

/** Documents which errors a route answers with, one OpenAPI response a status. */
export function ApiErrors(...codes: ErrorCode[]) {
  const statuses = new Set(codes.map((code) => ERRORS[code][0]));
  const responses = [...statuses].map((status) =>
    errorResponse(
      status,
      codes.filter((code) => ERRORS[code][0] === status),
    ),
  );
  return applyDecorators(ApiExtraModels(ErrorDto), ...responses);
}

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' as const } },
};

function headersOf(status: number, codes: ErrorCode[]) {
  if (status === 429 || status === 503) return RETRY_AFTER;
  if (status !== 401) return undefined;
  return {
    'WWW-Authenticate': { schema: { type: 'string' as const, enum: codes.map(challengeOf) } },
  };
}

function errorResponse(status: number, codes: ErrorCode[]) {
  return ApiResponse({
    status,
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code][1]}`).join('\n\n'),
    headers: headersOf(status, codes),
    schema: {
      allOf: [
        ERROR_SCHEMA,
        { type: 'object', properties: { errorCode: { type: 'string', enum: codes } } },
      ],
    },
  });
}
