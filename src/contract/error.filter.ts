import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Optional,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ApiException, challengeOf, type ErrorCode } from '../common/errors';
import { MetricsService } from '../observability/metrics.service';
import { isOutage, isUnregisteredEntity } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { ErrorLog } from './error-log';
import { RefusedRequestsService } from './refused-requests.service';
import type { HttpRequest } from './request';
import { requestIdOf } from './request-id';

/** Seconds that a caller is asked to wait while a dependency is down. */
const OUTAGE_RETRY_AFTER_SECONDS = 2;

/** In the server; a host of another kind has errors of its own. */
interface RoutedRequest {
  readonly id?: unknown;
  /** Whether it has come as far as guards and controllers: what is thrown since then is meant for the caller. */
  readonly isRouted?: boolean;
}

const CODES: Partial<Record<number, ErrorCode>> = {
  400: 'VALIDATION_FAILED',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/**
 * Turns what is thrown into the error shape of the contract: with `early-refusals.ts` the one place that decides what
 * leaks. In the server, what a controller or guard throws on purpose is answered as it is.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly host: HttpAdapterHost,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly metrics: MetricsService,
    @Optional() private readonly log: ErrorLog = new ErrorLog(),
    @Optional() private readonly refused?: RefusedRequestsService,
  ) {}

  catch(thrown: unknown, context: ArgumentsHost): void {
    const { httpAdapter } = this.host;
    const [request, response] = [
      context.switchToHttp().getRequest<RoutedRequest>(),
      context.switchToHttp().getResponse<object>(),
    ];
    const error = this.answerTo(thrown, request);
    if (error instanceof ApiException) {
      this.metrics.refusal(error.errorCode);
      this.refused?.note(context.switchToHttp().getRequest<HttpRequest>(), error);
    }
    this.log.note(request, error, thrown);
    if (httpAdapter.isHeadersSent(response)) return void httpAdapter.end(response);
    for (const [name, value] of headersOf(error)) httpAdapter.setHeader(response, name, value);
    this.answer(error, context);
  }

  /** As data; pages say it in words. */
  protected answer(error: HttpException, context: ArgumentsHost): void {
    const http = context.switchToHttp();
    const body = bodyOf(error, requestIdOf(http.getRequest<RoutedRequest>()));
    this.host.httpAdapter.reply(http.getResponse<object>(), body, error.getStatus());
  }

  private answerTo(thrown: unknown, { isRouted }: RoutedRequest): HttpException {
    if (thrown instanceof ApiException) return thrown;
    if (isRouted && thrown instanceof HttpException) return thrown;
    if (isAbort(thrown)) return new ApiException('REQUEST_REFUSED', { cause: thrown });
    if (isOutage(thrown) && !this.isMistake(thrown)) {
      return new ApiException('UNAVAILABLE', { cause: thrown });
    }
    if (thrown instanceof HttpException && thrown.getStatus() < 500) return fromNest(thrown);
    return new ApiException('INTERNAL', { cause: thrown });
  }

  /** Before the first connection none of our own entities is registered either. */
  private isMistake(thrown: unknown): boolean {
    return isUnregisteredEntity(thrown) && this.dataSource.isInitialized;
  }
}

/** A body of the contract, or one that the application has made, which only gets the name of the request. */
function bodyOf(error: HttpException, requestId: string): unknown {
  if (error instanceof ApiException) return error.bodyFor(requestId);
  const given = error.getResponse();
  if (Array.isArray(given)) return given;
  const body =
    typeof given === 'object' ? given : { statusCode: error.getStatus(), message: given };
  return { request_id: requestId, ...body };
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

function* headersOf(error: HttpException): Generator<[name: string, value: string]> {
  // A route that answers with text has said so before it failed.
  yield ['content-type', 'application/json; charset=utf-8'];
  const { errorCode, retryAfter }: Partial<ApiException> =
    error instanceof ApiException ? error : {};
  const status = error.getStatus();
  if (status === 401) yield ['www-authenticate', challengeOf(errorCode)];
  const isAway = errorCode !== undefined && status === 503;
  const seconds = retryAfter ?? (isAway ? OUTAGE_RETRY_AFTER_SECONDS : undefined);
  if (seconds !== undefined) yield ['retry-after', String(seconds)];
}
