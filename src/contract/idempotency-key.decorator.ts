import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { malformed } from './api-errors.decorator';
import { ApiHeader } from './docs';
import { requestOf } from './request';

const HEADER = 'Idempotency-Key';

interface KeyForm {
  readonly pattern: RegExp;
  readonly lengths: readonly [least: number, most: number];
  readonly problem: string;
}

/** No two of these headers, which a server hands on as one with a comma and a space. */
const FORMS = {
  /** Of a refresh. */
  visible: {
    pattern: /^[\x21-\x7e]{16,128}$/,
    lengths: [16, 128],
    problem: `${HEADER} must be 16 to 128 visible ASCII characters`,
  },
  /** Of a login. A UUID is of this form, too. */
  random: {
    pattern: /^[\w-]{22,64}$/,
    lengths: [22, 64],
    problem: `${HEADER} must be a UUID or 22 to 64 characters of base64url`,
  },
} as const satisfies Record<string, KeyForm>;

type FormName = keyof typeof FORMS;

/**
 * The `Idempotency-Key` of a request, undefined without one.
 *
 * @throws ApiException `VALIDATION_FAILED` for one in another form: ignored, it would protect nothing and nobody would know.
 */
export const IdempotencyKey = createParamDecorator(
  (name: FormName, context: ExecutionContext): string | undefined => {
    const { pattern } = FORMS[name];
    const key = requestOf(context).headers[HEADER.toLowerCase()];
    if (key === undefined) return undefined;
    if (typeof key === 'string' && pattern.test(key)) return key;
    throw malformedKey(name);
  },
);

/** The refusal of a key in another form. */
export const malformedKey = (name: FormName) => malformed(FORMS[name].problem);

/** Documents {@link IdempotencyKey}, but for {@link malformedKey}. */
export function ApiIdempotencyKey(name: FormName, description: string) {
  const { pattern, lengths } = FORMS[name];
  const [minLength, maxLength] = lengths;
  const schema = { type: 'string' as const, minLength, maxLength, pattern: pattern.source };
  return ApiHeader({ name: HEADER, description, required: false, schema });
}
