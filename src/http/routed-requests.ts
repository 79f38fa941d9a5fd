import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    isRouted?: boolean;
  }
}

/** Marks the requests that have come as far as guards and controllers: they were read, and a route takes them. */
export function markRoutedRequests(fastify: FastifyInstance): void {
  fastify.addHook('preHandler', (request, _reply, done) => {
    request.isRouted = !request.is404;
    done();
  });
}
