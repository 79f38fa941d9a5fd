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
}

/** Notes the end of a request; `route` is the pattern that it matched. */
export type Observe = (request: FastifyRequest, reply: FastifyReply, route?: string) => void;

/**
 * One log line and one histogram sample a request. Both name the route pattern, never the path: what
 * a caller writes into a URL may be a secret. The line says who asked, and why they were refused.
 */
export function requestObserver(logger: Logger, metrics: () => MetricsService): Observe {
  // Nothing in these lines is for the redaction to find, which would look through every one of them.
  const lines = logger.child({}, { redact: [] });
  return (
    { id, method, user, errorCode },
    { statusCode: status, elapsedTime },
    route = 'unmatched',
  ) => {
    metrics().request(method, route, status, elapsedTime / 1000);
    const caller = user && { user_id: user.userId, session_id: user.sessionId };
    const ms = Math.round(elapsedTime);
    lines.info(
      { request_id: id, method, route, status, ms, error_code: errorCode, ...caller },
      'request',
    );
  };
}

export function observeRequests(fastify: FastifyInstance, observe: Observe): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    observe(request, reply, request.routeOptions.url);
    done();
  });
}
