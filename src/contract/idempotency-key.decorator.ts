import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiErrors, malformed } from './api-errors.decorator';
import { ApiHeader } from './docs';
import { requestOf } from './request';

const HEADER = 'Idempotency-Key';
/** Visible ASCII characters: no two of these headers, which a server hands on as one with a comma and a space. */
const FORM = /^[\x21-\x7e]{16,128}$/;
const PROBLEM = `${HEADER} must be 16 to 128 visible ASCII characters`;

/**
 * The `Idempotency-Key` of a request, undefined without one.
 *
 * @throws ApiException `VALIDATION_FAILED` for one in another form: ignored, it would protect nothing and nobody would know.
 */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined => {
    const key = requestOf(context).headers[HEADER.toLowerCase()];
    if (key === undefined) return undefined;
    if (typeof key === 'string' && FORM.test(key)) return key;
    throw malformed(PROBLEM);
  },
);

/** Documents {@link IdempotencyKey}. */
export function ApiIdempotencyKey(description: string) {
  const schema = { type: 'string' as const, minLength: 16, maxLength: 128, pattern: FORM.source };
  return applyDecorators(
    ApiHeader({ name: HEADER, description, required: false, schema }),
    ApiErrors(malformed(PROBLEM)),
  );
}
