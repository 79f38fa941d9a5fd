import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiException } from '../common/errors';
import type { Env } from '../config/env';
import { corsHeaders } from './cors';
import { type Headers, securityHeaders } from './security-headers';

const STATUSES: Partial<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is refused before Nest sees it like every other error. */
export function refuseEarly(env: Env) {
  const always = securityHeaders(env);
  const headersFor = (origin?: string) => ({ ...always, ...corsHeaders(env, origin) });
  return {
    /** A path that cannot be decoded. */
    frameworkErrors(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
      const refusal = new ApiException('REQUEST_REFUSED');
      request.refusal = refusal;
      const { observer } = request.server;
      observer.refused(refusal.errorCode);
      reply.raw.once('finish', () => observer.ended(request, reply));
      const headers = headersFor(request.headers.origin);
      void reply.status(refusal.getStatus()).headers(headers).send(refusal.bodyFor(request.id));
    },

    /** What is not HTTP, or comes too slowly. The error holds what was sent: only its code is logged. */
    clientErrorHandler(this: FastifyInstance, error: ConnectionError, socket: Socket): void {
      const { code } = error;
      if (code === 'ECONNRESET' || !socket.writable) return;
      if (isAnswering(socket)) return void socket.destroy();
      const refusal = new ApiException('REQUEST_REFUSED', { status: STATUSES[code] });
      this.observer.refused(refusal.errorCode);
      const [status, requestId] = [refusal.getStatus(), randomUUID()];
      this.log.info({ request_id: requestId, status, reason: code }, 'refused');
      const headers = headersFor(originIn(error));
      socket.write(rawAnswer(status, headers, JSON.stringify(refusal.bodyFor(requestId))));
      socket.destroySoon();
    },
  };
}

/** A second answer would end up within the first one. Node's own handler asks in the same way. */
function isAnswering(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  // oxlint-disable-next-line no-underscore-dangle -- Node tells in no other way
  return socket._httpMessage?.headersSent ?? false;
}

/** Of a request that was not read as far as its headers: of those that the parser was given last. */
function originIn({ rawPacket }: Partial<ConnectionError>): string | undefined {
  const text = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1') : '';
  return /^origin:[ \t]*(\S+)[ \t]*\r$/im.exec(text)?.[1];
}

function rawAnswer(status: number, headers: Headers, body: string): string {
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
