import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Logger } from 'pino';
import { limitConnections } from '../cluster/connection-limit';
import type { Env } from '../config/env';
import type { MetricsService } from '../observability/metrics.service';

/** Milliseconds. */
export const TIMEOUTS = {
  /** For the headers of a request; those of a connection's first one count from its opening. */
  headers: 5_000,
  /** For a request in full. */
  request: 10_000,
  /** From the headers of a request to the last byte of its answer, however slowly the client reads. */
  answer: 60_000,
  /** For the next request. Balancers must be the first to give up a connection: 60 s is their most common time. */
  keepAlive: 72_000,
  /** Between two looks for requests that are late, in which they may be later still. Node's own are 30 s. */
  check: 1_000,
};
/** Milliseconds between two warnings of the log about dropped connections. */
const QUIET = 60_000;

/**
 * Fastify's server, with all that bounds what clients can hold of it. A connection may have any number of
 * requests: an end to them would protect nothing, and lose what was sent after it.
 */
export function serveHttp(handle: RequestListener): Server {
  const server = createServer(options(), withinTime(handle));
  answerAll(server);
  return server;
}

/** Before it listens. */
export function boundConnections(
  server: Server,
  { MAX_CONNECTIONS }: Env,
  logger: Logger,
  metrics: MetricsService,
): void {
  limitConnections(server, MAX_CONNECTIONS);
  const warn = atMostOnceIn(QUIET, () =>
    logger.warn('connections dropped: as many as MAX_CONNECTIONS are open'),
  );
  // Whoever waits with nothing to ask gives way to those who come.
  const makeRoom = atMostOnceIn(TIMEOUTS.check, () => server.closeIdleConnections());
  server.on('drop', () => {
    metrics.connectionDropped();
    warn();
    makeRoom();
  });
}

function options(): ServerOptions {
  return {
    headersTimeout: TIMEOUTS.headers,
    requestTimeout: TIMEOUTS.request,
    keepAliveTimeout: TIMEOUTS.keepAlive,
    connectionsCheckingInterval: TIMEOUTS.check,
    maxHeaderSize: 16 * 1024,
    // Whatever NODE_OPTIONS say.
    insecureHTTPParser: false,
    // `strict-requests.ts` asks for the header, and refuses in the shape of every error.
    requireHostHeader: false,
  };
}

function withinTime(handle: RequestListener): RequestListener {
  return (request, response) => {
    const late = setTimeout(() => request.socket.destroy(), TIMEOUTS.answer).unref();
    response.once('close', () => clearTimeout(late));
    handle(request, response);
  };
}

function atMostOnceIn(milliseconds: number, act: () => void): () => void {
  let quietUntil = -Infinity;
  return () => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + milliseconds;
    act();
  };
}

/** Takes over what Node would answer without a body, or not at all. */
function answerAll(server: Server): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  const tunnel = Object.assign(new Error('no tunnels'), { code: 'CONNECT' });
  server.on('connect', (_request, socket) => {
    // Node listens no more, and a client that resets now would end the process.
    socket.on('error', () => undefined);
    server.emit('clientError', tunnel, socket);
  });
}
