import type { Logger } from 'pino';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { NumberRefsService } from '../audit/number-refs.service';
import type { ApiException, ErrorCode } from '../common/errors';
import { coarseNetwork } from '../common/networks';
import type { Env } from '../config/env';
import type { Principal } from '../contract/current-user.decorator';
import { knownSubjectOf } from '../contract/request-subject';
import type { MetricsService } from '../observability/metrics.service';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token opened the route. */
    user?: Principal;
    /** Why it was refused. */
    refusal?: ApiException;
  }
  interface FastifyInstance {
    observer: RequestObserver;
  }
}

/** Reading changes nothing, and is most of what a server is asked for. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** An answer that takes longer is in the log, whatever it was. */
const SLOW_MS = 500;

/**
 * One histogram sample a request, and one log line if it is notable: refused, slow, or more than reading; streams, which
 * are meant to last, have no sample. Both name the route pattern, never the path: what a caller writes into a URL may be a secret. The line says who asked, and
 * why they were refused: also what the answer leaves out. Numbers are in it as references.
 */
export class RequestObserver {
  private readonly lines: Logger;

  constructor(
    logger: Logger,
    private readonly metrics: MetricsService,
    private readonly numbers: NumberRefsService,
    private readonly logsAll: boolean,
  ) {
    // Nothing in these lines is for the redaction to find, which would look through every one of them.
    this.lines = logger.child({}, { redact: [] });
  }

  /** Of what Nest does not see, too. */
  refused(errorCode: ErrorCode): void {
    this.metrics.refusal(errorCode);
  }

  /** @param route the pattern that the request matched. */
  ended(request: FastifyRequest, reply: FastifyReply, route = 'unmatched'): void {
    const { method } = request;
    const { statusCode: status, elapsedTime } = reply;
    const isStream = status < 400 && request.routeOptions.config.isStream;
    if (!isStream) this.metrics.request(method, route, status, elapsedTime / 1000);
    const isFast = isStream || elapsedTime < SLOW_MS;
    const isPlain = status < 400 && isFast && READING.has(method);
    if (this.logsAll || !isPlain) this.log(request, status, elapsedTime, route);
  }

  private log(request: FastifyRequest, status: number, elapsedTime: number, route: string): void {
    if (!this.lines.isLevelEnabled('info')) return;
    const { id, method, refusal, trace, upstream } = request;
    this.lines.info(
      {
        request_id: id,
        trace_id: trace?.span.spanContext().traceId,
        method,
        route,
        status,
        ms: Math.round(elapsedTime),
        error_code: refusal?.errorCode,
        reason: refusal?.reason,
        limit: refusal?.limit,
        ...this.subjectOf(request),
        network: route.startsWith('/auth') ? coarseNetwork(request.ip) : undefined,
        ...upstream,
      },
      'request',
    );
  }

  private subjectOf(request: FastifyRequest): object {
    const { user } = request;
    const { mobile, userId, sessionId } = knownSubjectOf(request) ?? {};
    return {
      number_ref: mobile && this.numbers.refOf(mobile),
      user_id: userId ?? user?.userId,
      session_id: sessionId ?? user?.sessionId,
    };
  }
}

export function observeRequests(
  fastify: FastifyInstance,
  logger: Logger,
  metrics: MetricsService,
  numbers: NumberRefsService,
  { ACCESS_LOG }: Env,
): void {
  const observer = new RequestObserver(logger, metrics, numbers, ACCESS_LOG === 'all');
  fastify.decorate('observer', observer);
  fastify.addHook('onResponse', (request, reply, done) => {
    observer.ended(request, reply, request.routeOptions.url);
    done();
  });
}
