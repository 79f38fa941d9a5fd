import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Logger } from 'pino';
import { limitConnections } from '../cluster/connection-limit';
import type { Env } from '../config/env';
import type { MetricsService } from '../observability/metrics.service';

export const TIMEOUTS_MS = {
  /** For the headers of a request; those of a connection's first one count from its opening. */
  headers: 5_000,
  /** For a request in full. */
  request: 10_000,
  /** From the headers of a request to the last byte of its answer, however slowly the client reads. */
  answer: 60_000,
  /** How often Node looks for late requests, and we for late answers: both may be later by as much. Node's default is 30 s. */
  check: 1_000,
};
/** Between two warnings about dropped connections in the log. */
const WARNING_INTERVAL_MS = 60_000;

/**
 * Fastify's server, with limits to what clients can hold of it. Requests per connection are not limited: that
 * would protect nothing, and lose requests that were already sent.
 */
export function serveHttp(handle: RequestListener): Server {
  const answers = new Map<ServerResponse, number>();
  const server = createServer(options(), noting(answers, handle));
  const check = setInterval(() => cutLate(answers), TIMEOUTS_MS.check).unref();
  server.once('close', () => clearInterval(check));
  answerAll(server);
  return server;
}

/** Before it listens. */
export function boundConnections(
  server: Server,
  { KEEP_ALIVE_TIMEOUT, MAX_CONNECTIONS }: Env,
  logger: Logger,
  metrics: MetricsService,
): void {
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT * 1000;
  limitConnections(server, MAX_CONNECTIONS);
  const warn = atMostOnceIn(WARNING_INTERVAL_MS, () =>
    logger.warn('Connections dropped: MAX_CONNECTIONS reached'),
  );
  // Idle connections make room for new ones.
  const makeRoom = atMostOnceIn(TIMEOUTS_MS.check, () => server.closeIdleConnections());
  server.on('drop', () => {
    metrics.connectionDropped();
    warn();
    makeRoom();
  });
}

function options(): ServerOptions {
  return {
    headersTimeout: TIMEOUTS_MS.headers,
    requestTimeout: TIMEOUTS_MS.request,
    connectionsCheckingInterval: TIMEOUTS_MS.check,
    maxHeaderSize: 16 * 1024,
    // Whatever NODE_OPTIONS say.
    insecureHTTPParser: false,
    // `strict-requests.ts` asks for the header, and refuses in the shape of every error.
    requireHostHeader: false,
  };
}

/** When the requests arrived whose answers are not sent: a timer for each of them would cost more than the look at the first. */
function noting(answers: Map<ServerResponse, number>, handle: RequestListener): RequestListener {
  function forget(this: ServerResponse): void {
    answers.delete(this);
  }
  return (request, response) => {
    answers.set(response, performance.now());
    response.on('close', forget);
    handle(request, response);
  };
}

/** Those that came first are the first of the map. */
function cutLate(answers: Map<ServerResponse, number>): void {
  const latest = performance.now() - TIMEOUTS_MS.answer;
  for (const [response, arrived] of answers) {
    if (arrived > latest) return;
    response.req.socket.destroy();
    // One that never came to its turn on the connection is not closed.
    answers.delete(response);
  }
}

function atMostOnceIn(milliseconds: number, act: () => void): () => void {
  let quietUntil = -Infinity;
  return () => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + milliseconds;
    act();
  };
}

/** Answers `Expect` and `CONNECT`, which Node would answer without a body, or not at all. */
function answerAll(server: Server): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  const tunnel = Object.assign(new Error('no tunnels'), { code: 'CONNECT' });
  server.on('connect', (_request, socket) => {
    // Node has removed its listener: an error of this socket would end the process.
    socket.on('error', () => undefined);
    server.emit('clientError', tunnel, socket);
  });
}
