import { type HttpException, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiException } from '../common/errors';
import { redact } from '../common/redact';
import { adviceOn, ErrorLog } from '../contract/error-log';

/** Leaves the error code to the line of the access log, and logs what failed under the id of its request. */
@Injectable()
export class RequestErrorLog extends ErrorLog {
  override note(request: FastifyRequest, error: HttpException, thrown: unknown): void {
    request.refusal = error instanceof ApiException ? error : undefined;
    if (error.getStatus() < 500) return;
    request.log.error(
      { request_id: request.id, err: thrown },
      redact(error.message) + adviceOn(thrown),
    );
  }
}
