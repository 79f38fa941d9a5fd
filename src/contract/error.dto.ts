import { Doc } from './docs';
import { type ErrorCode, ERRORS, LIMIT_KINDS, type LimitKind } from '../common/errors';

/** The body of every error answer. */
export class ErrorDto {
  @Doc({ type: 'integer' })
  statusCode!: number;

  @Doc('A sentence, or one for each thing that is wrong with the request.', {
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  })
  message!: string | string[];

  @Doc('The standard phrase of the status.', { example: 'Bad Request' })
  error!: string;

  @Doc('Stable; decide on this one.', { enum: Object.keys(ERRORS), enumName: 'ErrorCode' })
  errorCode!: ErrorCode;

  @Doc('With a 429: what there was too much of.', {
    enum: LIMIT_KINDS,
    enumName: 'LimitKind',
    required: false,
  })
  limit?: LimitKind;

  @Doc('With a 429: seconds to wait, as `Retry-After` says.', { type: 'integer', required: false })
  retry_after?: number;

  @Doc(
    'For five minutes: with `NUMBER_MOVED` what `POST /auth/mobile-changes/undo` takes, with `NUMBER_PERHAPS_REASSIGNED` what `POST /auth/tokens/reassigned` takes.',
    {
      required: false,
    },
  )
  ticket?: string;

  @Doc(
    'With `NUMBER_MOVED`: until when nobody else can have the number; null while an operator decides.',
    {
      type: Date,
      nullable: true,
      required: false,
    },
  )
  reserved_until?: Date | null;

  @Doc('With `NUMBER_CLAIM_WAITS`: when the number opens the account.', { required: false })
  available_at?: Date;

  @Doc("Names the request in the server's log.", { format: 'uuid' })
  request_id!: string;
}

/** Its schema in the OpenAPI document. `getSchemaPath` would load all that makes it. */
export const ERROR_SCHEMA = { $ref: '#/components/schemas/ErrorDto' };
