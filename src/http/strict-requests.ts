import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { ApiException } from '../common/errors';
import { isInOneSpelling } from './request-target';

/** More than any client and its proxies send, and far less than Node reads before it leaves out the rest. */
const MAX_HEADERS = 100;
/** Node takes the first of several and drops the others, where a proxy may have judged by another one. */
const SINGLE_HEADERS: ReadonlySet<string> = new Set(['authorization', 'content-type', 'host']);
const SINGLE_LENGTHS: ReadonlySet<number> = new Set(
  [...SINGLE_HEADERS].map(({ length }) => length),
);

/** Refuses what the parser lets pass although others may read it differently. */
export function refuseAmbiguousRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, reply, done) => {
    const status = refusalOf(raw);
    if (status === undefined) return done();
    // Where requests end may be in doubt as well.
    void reply.header('connection', 'close');
    return done(new ApiException('REQUEST_REFUSED', { status }));
  });
}

/** The status to refuse a request with. The sections are those of RFC 9110 and RFC 9112. */
function refusalOf(request: IncomingMessage): number | undefined {
  const { url, headers, rawHeaders, httpVersion } = request;
  const { expect, host, 'transfer-encoding': coding } = headers;
  const isCurrent = httpVersion === '1.1';
  if (!isInOneSpelling(url!)) return 400;
  if (rawHeaders.length > 2 * MAX_HEADERS) return 431;
  // 9112, section 3.2.
  if (host === undefined && isCurrent) return 400;
  // 9112, section 6.1.
  if (coding !== undefined && !(isCurrent && coding.toLowerCase() === 'chunked')) return 400;
  // 9110, section 10.1.1.
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') return 417;
  // 9110, section 5.3; for two tokens, also RFC 6750, section 3.1.
  return repeatsSingle(rawHeaders) ? 400 : undefined;
}

/** Looks at names as they came: `headersDistinct` would be built for every request, of all of its headers. */
function repeatsSingle(rawHeaders: string[]): boolean {
  const seen: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    // Most names are neither put in small letters nor looked up.
    if (!SINGLE_LENGTHS.has(name.length)) continue;
    const lower = name.toLowerCase();
    if (seen.includes(lower)) return true;
    if (SINGLE_HEADERS.has(lower)) seen.push(lower);
  }
  return false;
}
