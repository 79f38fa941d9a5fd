import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiException, challengeOf, type ErrorCode } from '../common/errors';
import { MetricsService } from '../observability/metrics.service';
import { isOutage } from '../storage/sql-errors';

/** Seconds that a caller is asked to wait while a dependency is down. */
const OUTAGE_RETRY_AFTER = 2;

const CODES: Partial<Record<number, ErrorCode>> = {
  400: 'VALIDATION_FAILED',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/** Turns everything that is thrown into the error shape of the contract: with `early-refusals.ts` the one place that decides what leaks. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly metrics: MetricsService) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = toApiException(thrown);
    request.errorCode = error.errorCode;
    this.metrics.refusal(error.errorCode);
    if (error.getStatus() >= 500) {
      request.log.error({ request_id: request.id, err: thrown }, error.message);
    }
    void reply.status(error.getStatus()).headers(headersOf(error)).send(error.bodyFor(request.id));
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

/** What Nest and Fastify refuse by themselves: unknown routes, bodies that are too large. */
function fromNest(thrown: HttpException): ApiException {
  const status = thrown.getStatus();
  const code = CODES[status] ?? 'REQUEST_REFUSED';
  const message = code === 'VALIDATION_FAILED' ? [thrown.message] : undefined;
  return new ApiException(code, { status, message, cause: thrown });
}

function headersOf(error: ApiException): Record<string, string> {
  const retryAfter =
    error.retryAfter ?? (error.getStatus() === 503 ? OUTAGE_RETRY_AFTER : undefined);
  return {
    // A route that answers with text has said so before it failed.
    'content-type': 'application/json; charset=utf-8',
    ...(error.getStatus() === 401 && { 'www-authenticate': challengeOf(error.errorCode) }),
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  };
}
