import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Optional,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiException, challengeOf, type ErrorCode } from '../common/errors';
import { MetricsService } from '../observability/metrics.service';
import { isOutage } from '../storage/sql-errors';
import { ErrorLog } from './error-log';
import { requestIdOf } from './request-id';

/** Seconds that a caller is asked to wait while a dependency is down. */
const OUTAGE_RETRY_AFTER_SECONDS = 2;

const CODES: Partial<Record<number, ErrorCode>> = {
  400: 'VALIDATION_FAILED',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/** Turns everything that is thrown into the error shape of the contract: with `early-refusals.ts` the one place that decides what leaks. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly metrics: MetricsService,
    @Optional() private readonly log: ErrorLog = new ErrorLog(),
  ) {}

  catch(thrown: unknown, context: ArgumentsHost): void {
    const { httpAdapter } = this.host;
    const [request, response] = [
      context.switchToHttp().getRequest<object>(),
      context.switchToHttp().getResponse<object>(),
    ];
    const error = toApiException(thrown);
    this.metrics.refusal(error.errorCode);
    this.log.note(request, error, thrown);
    if (httpAdapter.isHeadersSent(response)) return void httpAdapter.end(response);
    for (const [name, value] of headersOf(error)) httpAdapter.setHeader(response, name, value);
    httpAdapter.reply(response, error.bodyFor(requestIdOf(request)), error.getStatus());
  }
}

function toApiException(thrown: unknown): ApiException {
  if (thrown instanceof ApiException) return thrown;
  if (isAbort(thrown)) return new ApiException('REQUEST_REFUSED', { cause: thrown });
  if (isOutage(thrown)) return new ApiException('UNAVAILABLE', { cause: thrown });
  if (thrown instanceof HttpException && thrown.getStatus() < 500) return fromNest(thrown);
  return new ApiException('INTERNAL', { cause: thrown });
}

/** Fastify marks a body whose sender went away with a 4xx; its code alone looks like an outage of ours. */
function isAbort(thrown: unknown): boolean {
  const { code, statusCode } = (thrown ?? {}) as { code?: unknown; statusCode?: unknown };
  return code === 'ECONNRESET' && statusCode === 400;
}

/** What Nest, its adapters and a host's own pipes and guards refuse: unknown routes, bodies that are too large. */
function fromNest(thrown: HttpException): ApiException {
  const status = thrown.getStatus();
  const code = CODES[status] ?? 'REQUEST_REFUSED';
  const message = code === 'VALIDATION_FAILED' ? problemsOf(thrown) : undefined;
  return new ApiException(code, { status, message, cause: thrown });
}

/** Nest's own validation lists them, too. */
function problemsOf(thrown: HttpException): string[] {
  const { message } = Object(thrown.getResponse()) as { message?: unknown };
  return Array.isArray(message) ? message.map(String) : [thrown.message];
}

function* headersOf(error: ApiException): Generator<[name: string, value: string]> {
  // A route that answers with text has said so before it failed.
  yield ['content-type', 'application/json; charset=utf-8'];
  const status = error.getStatus();
  if (status === 401) yield ['www-authenticate', challengeOf(error.errorCode)];
  const retryAfter = error.retryAfter ?? (status === 503 ? OUTAGE_RETRY_AFTER_SECONDS : undefined);
  if (retryAfter !== undefined) yield ['retry-after', String(retryAfter)];
}
