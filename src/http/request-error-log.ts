import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ApiException } from '../common/errors';
import { ErrorLog } from '../contract/error-log';

/** Leaves the error code to the line of the access log, and logs what failed under the id of its request. */
@Injectable()
export class RequestErrorLog extends ErrorLog {
  override note(request: FastifyRequest, error: ApiException, thrown: unknown): void {
    request.errorCode = error.errorCode;
    if (error.getStatus() < 500) return;
    request.log.error({ request_id: request.id, err: thrown }, error.message);
  }
}
