import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { MetricsService } from './metrics.service';

export function observeRequests(fastify: FastifyInstance, metrics: MetricsService): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    observe(metrics, request, reply, request.routeOptions.url);
    done();
  });
}

/**
 * One log line and one histogram sample a request. Both name the route pattern, never the path: what
 * a caller writes into a URL may be a secret.
 */
export function observe(
  metrics: MetricsService,
  { log, method }: FastifyRequest,
  { statusCode: status, elapsedTime }: FastifyReply,
  route = 'unmatched',
): void {
  metrics.request(method, route, status, elapsedTime / 1000);
  log.info({ method, route, status, ms: Math.round(elapsedTime) }, 'request');
}
