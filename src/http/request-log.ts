import type { Logger } from 'pino';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../contract/current-user.decorator';
import type { ErrorCode } from '../common/errors';
import type { MetricsService } from '../observability/metrics.service';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token opened the route. */
    user?: Principal;
    /** Why it was refused. */
    errorCode?: ErrorCode;
  }
  interface FastifyInstance {
    observer: RequestObserver;
  }
}

/**
 * One log line and one histogram sample a request. Both name the route pattern, never the path: what
 * a caller writes into a URL may be a secret. The line says who asked, and why they were refused.
 */
export class RequestObserver {
  private readonly lines: Logger;

  constructor(
    logger: Logger,
    private readonly metrics: MetricsService,
  ) {
    // Nothing in these lines is for the redaction to find, which would look through every one of them.
    this.lines = logger.child({}, { redact: [] });
  }

  /** Of what Nest does not see, too. */
  refused(errorCode: ErrorCode): void {
    this.metrics.refusal(errorCode);
  }

  /** @param route the pattern that the request matched. */
  ended(
    { id, method, user, errorCode, upstream }: FastifyRequest,
    { statusCode: status, elapsedTime }: FastifyReply,
    route = 'unmatched',
  ): void {
    this.metrics.request(method, route, status, elapsedTime / 1000);
    const caller = user && { user_id: user.userId, session_id: user.sessionId };
    const ms = Math.round(elapsedTime);
    this.lines.info(
      { request_id: id, method, route, status, ms, error_code: errorCode, ...caller, ...upstream },
      'request',
    );
  }
}

export function observeRequests(
  fastify: FastifyInstance,
  logger: Logger,
  metrics: MetricsService,
): void {
  const observer = new RequestObserver(logger, metrics);
  fastify.decorate('observer', observer);
  fastify.addHook('onResponse', (request, reply, done) => {
    observer.ended(request, reply, request.routeOptions.url);
    done();
  });
}
