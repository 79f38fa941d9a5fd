import { ApiProperty } from './docs';
import { type ErrorCode, ERRORS } from '../common/errors';

/** The body of every error answer. */
export class ErrorDto {
  @ApiProperty({ type: 'integer' })
  statusCode!: number;

  /** A sentence, or one for each thing that is wrong with the request. */
  @ApiProperty({ oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] })
  message!: string | string[];

  /** The standard phrase of the status. @example "Bad Request" */
  error!: string;

  /** Stable; decide on this one. */
  @ApiProperty({ enum: Object.keys(ERRORS), enumName: 'ErrorCode' })
  errorCode!: ErrorCode;

  /** Names the request in the server's log. */
  @ApiProperty({ format: 'uuid' })
  request_id!: string;
}

/** Its schema in the OpenAPI document. `getSchemaPath` would load all that makes it. */
export const ERROR_SCHEMA = { $ref: '#/components/schemas/ErrorDto' };
