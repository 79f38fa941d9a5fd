import { Injectable } from '@nestjs/common';
import { RedactingLogger } from '../common/redacting-logger';
import type { ApiException } from '../common/errors';
import { requestIdOf } from './request-id';

/** Notes what a request was refused for. The server replaces it by one that its access log needs. */
@Injectable()
export class ErrorLog {
  private readonly logger = new RedactingLogger('Tandem');

  note(request: object, error: ApiException, thrown: unknown): void {
    if (error.getStatus() < 500) return;
    const { message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.logger.error(`${error.message} ${message} (request ${requestIdOf(request)})`, stack ?? '');
  }
}
