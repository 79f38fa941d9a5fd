import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiException } from './common/errors';
import type { MetricsService } from './observability/metrics.service';
import { observe } from './observability/request-log';

const STATUSES: Partial<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is refused before Nest sees it like every other error. */
export function refuseEarly(metrics: () => MetricsService) {
  return {
    /** A path that cannot be decoded. */
    frameworkErrors(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
      const refusal = new ApiException('REQUEST_REFUSED');
      metrics().refusal(refusal.errorCode);
      reply.raw.once('finish', () => observe(metrics(), request, reply));
      void reply
        .status(refusal.getStatus())
        .header('cache-control', 'no-store')
        .send(refusal.bodyFor(request.id));
    },

    /** What is not HTTP, or comes too slowly. The error holds what was sent: only its code is logged. */
    clientErrorHandler(this: FastifyInstance, { code }: ConnectionError, socket: Socket): void {
      if (code === 'ECONNRESET' || !socket.writable) return;
      const refusal = new ApiException('REQUEST_REFUSED', { status: STATUSES[code] });
      metrics().refusal(refusal.errorCode);
      const [status, requestId] = [refusal.getStatus(), randomUUID()];
      this.log.info({ request_id: requestId, status, reason: code }, 'refused');
      socket.write(rawAnswer(status, JSON.stringify(refusal.bodyFor(requestId))));
      socket.destroySoon();
    },
  };
}

function rawAnswer(status: number, body: string): string {
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
