import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RedactingLogger } from '../common/redacting-logger';
import type { Env } from '../config/env';
import { covers, isOrigin, names } from '../config/origin-env-fields';
import type { Headers } from './security-headers';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
/** `Date` is the clock of clients whose own is wrong. */
const READABLE = 'Date, ETag, Retry-After, WWW-Authenticate, X-Request-Id';
/** Seconds that browsers keep the answer to a preflight: the most that Chromium does. */
const PREFLIGHT_MAX_AGE = 7200;
/** Origins that the log names: whoever makes up more than these is no mistake in a configuration. */
const MOST_NAMED = 10;

/**
 * What browsers need to hand an answer to a page of `origin`: only of those that are listed, with cookies only of those
 * that are listed exactly. That answers differ by origin is for caches to know, also from an answer to none.
 */
export function corsHeaders(
  { CORS_ORIGINS: listed, REFRESH_COOKIE }: Env,
  origin: string | undefined,
): Headers {
  if (listed.length === 0) return {};
  if (!covers(listed, origin)) return { vary: 'Origin' };
  const isCredentialed = REFRESH_COOKIE !== 'off' && names(listed, origin);
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': READABLE,
    ...(isCredentialed && { 'access-control-allow-credentials': 'true' }),
  };
}

/** Before every hook that refuses: a page is to read why. */
export function answerOrigins(fastify: FastifyInstance, env: Env): void {
  const warn = warnOfUnlisted();
  fastify.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    const headers = corsHeaders(env, origin);
    void reply.headers(headers);
    if (!isPreflight(request)) return done();
    if ('access-control-allow-origin' in headers) return void allow(request, reply);
    warn(origin!);
    return done();
  });
}

const isPreflight = ({ method, headers }: FastifyRequest) =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined;

function allow({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const wanted = headers['access-control-request-headers'];
  if (wanted) void reply.header('access-control-allow-headers', wanted);
  return reply
    .status(204)
    .headers({
      vary: 'Origin, Access-Control-Request-Headers',
      'access-control-allow-methods': METHODS,
      'access-control-max-age': PREFLIGHT_MAX_AGE,
    })
    .send();
}

/** Once for each: a browser tells its user nothing that would help. */
function warnOfUnlisted() {
  const logger = new RedactingLogger('Cors');
  const named = new Set<string>();
  return (origin: string): void => {
    if (named.has(origin) || named.size === MOST_NAMED || !isOrigin(origin)) return;
    named.add(origin);
    logger.warn(`Preflight refused: CORS_ORIGINS does not list ${origin}`);
  };
}
