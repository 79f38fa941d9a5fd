import { Injectable, Logger } from '@nestjs/common';
import type { ApiException } from '../common/errors';
import { redact } from '../observability/redact';
import { requestIdOf } from './request-id';

/** Notes what a request was refused for. The server replaces it by one that its access log needs. */
@Injectable()
export class ErrorLog {
  private readonly logger = new Logger('Tandem');

  note(request: object, error: ApiException, thrown: unknown): void {
    if (error.getStatus() < 500) return;
    const { message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    // Not the error itself: that of a driver holds the statement and its parameters.
    this.logger.error(
      `${error.message} ${redact(message)} (request ${requestIdOf(request)})`,
      redact(stack ?? ''),
    );
  }
}
