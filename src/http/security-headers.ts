import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';
import type { Env } from '../config/env';
import { DOCS_PAGES } from './docs';

export type Headers = Readonly<Record<string, string>>;

/**
 * Answers are data, which no page is to be made of, nor framed; what browsers heed in pages alone is left out, and
 * `X-Frame-Options`, which the policy says for all browsers of the last ten years.
 */
const API = {
  contentSecurityPolicy: policy({ defaultSrc: ["'none'"], frameAncestors: ["'none'"] }),
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: false,
  frameguard: false,
  originAgentCluster: false,
  referrerPolicy: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} satisfies HelmetOptions;

/** Swagger UI: its own files, requests to its own server, and styles and icons that it writes into the page. */
const DOCS = {
  frameguard: { action: 'deny' },
  contentSecurityPolicy: policy({
    defaultSrc: ["'none'"],
    baseUri: ["'none'"],
    connectSrc: ["'self'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    imgSrc: ["'self'", 'data:'],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
  }),
} satisfies HelmetOptions;

export function sendSecurityHeaders(fastify: FastifyInstance, env: Env): void {
  const [api, docs] = [securityHeaders(env), securityHeaders(env, DOCS)];
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(DOCS_PAGES.has(request.routeOptions.url ?? '') ? docs : api);
    done();
  });
}

/**
 * The headers of every answer, as data: refusals of what is not HTTP are written to the socket, where helmet, a
 * middleware, cannot set them. It writes them once into a response that is never sent. Nothing is to be stored,
 * since answers hold tokens and personal data (RFC 6749, section 5.1).
 */
export function securityHeaders(
  { PUBLIC_URL }: Env,
  options: typeof API | typeof DOCS = API,
): Headers {
  const isHttps = PUBLIC_URL?.startsWith('https:');
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const write = helmet({
    ...options,
    // A promise for this name alone: those below it are not ours to bind.
    strictTransportSecurity: isHttps ? { includeSubDomains: false } : false,
  });
  write(response.req, response, () => undefined);
  return { 'cache-control': 'no-store', ...response.getHeaders() } as Headers;
}

function policy(directives: Record<string, string[]>) {
  return { useDefaults: false, directives };
}
