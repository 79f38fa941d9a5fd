import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../common/current-user.decorator';
import type { ErrorCode } from '../common/errors';
import type { MetricsService } from './metrics.service';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token opened the route. */
    user?: Principal;
    /** Why it was refused. */
    errorCode?: ErrorCode;
  }
}

export function observeRequests(fastify: FastifyInstance, metrics: MetricsService): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    observe(metrics, request, reply, request.routeOptions.url);
    done();
  });
}

/**
 * One log line and one histogram sample a request. Both name the route pattern, never the path: what
 * a caller writes into a URL may be a secret. The line says who asked, and why they were refused.
 */
export function observe(
  metrics: MetricsService,
  { log, method, user, errorCode }: FastifyRequest,
  { statusCode: status, elapsedTime }: FastifyReply,
  route = 'unmatched',
): void {
  metrics.request(method, route, status, elapsedTime / 1000);
  const caller = user && { user_id: user.userId, session_id: user.sessionId };
  const ms = Math.round(elapsedTime);
  log.info({ method, route, status, error_code: errorCode, ...caller, ms }, 'request');
}
